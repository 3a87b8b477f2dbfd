import { BatchExecution, ExecutionError } from "../../ledger/index.ts";
import {
  type Account,
  ByteWriter,
  codeOf,
  MAX_DATA_BYTES,
  type PublicKey,
  publicKeyToBase58,
  type State,
  stateHash,
  writeCommand,
  type ZkappCommand,
} from "../../protocol/index.ts";
import { type Clock, faultOf, type Logger } from "../../service/index.ts";
import type { BatchRecord } from "../batches/BatchRecord.ts";
import type { CrashPoint } from "../batches/batchSteps.ts";
import { newBatch } from "../batches/newBatch.ts";
import { MempoolError } from "../errors/MempoolError.ts";
import { SequencerError } from "../errors/SequencerError.ts";
import {
  type DroppedTransaction,
  type PoolBase,
  type PoolLimits,
  TransactionPool,
} from "../mempool/TransactionPool.ts";
import type { BatchProver } from "../ports/BatchProver.ts";
import type { PooledTransaction, SequencerStore, TransactionFate } from "../store/SequencerStore.ts";
import { Allowance } from "./Allowance.ts";
import type { BlockRecord, BlockSigner, Transaction } from "./BlockRecord.ts";
import { blockHash, genesisBlock } from "./blockHash.ts";
import type { SnapshotStore } from "./ReplicaSnapshots.ts";
import { serial } from "./serial.ts";

export interface ChainOptions {
  /** `domainHash` of this deployment. */
  readonly domain: bigint;
  readonly feeRecipient: PublicKey;
  readonly pool: PoolLimits;
  /** Milliseconds that a transaction may wait for those before it. */
  readonly maxWaitMs: number;
  /** Blocks after which a batch closes. */
  readonly blocksPerBatch: number;
  /** Milliseconds after its first block at which it closes anyway. */
  readonly maxBatchAgeMs: number;
  /** Account updates, fee payers among them, after which it closes anyway: what proving it costs. */
  readonly maxBatchUpdates: number;
  /** Batches that may wait for L1. Beyond, blocks go on as long as they fit one batch. */
  readonly maxOpenBatches: number;
}

export interface ChainModules {
  readonly store: SequencerStore;
  readonly snapshots: SnapshotStore;
  readonly signer: BlockSigner;
  readonly prover: Pick<BatchProver, "plan">;
  readonly clock: Clock;
  readonly log: Logger;
  /** Slot of L1's best tip, as far as we have seen. */
  readonly slot: () => bigint;
  /** How many batches wait for L1. */
  readonly openBatches: () => number;
  readonly crashPoint: (point: CrashPoint) => void;
  /** Told once of an error after which memory may be ahead of the disk: the process must end, and starts again from the disk. */
  readonly fatal: (error: unknown) => void;
}

/**
 * The rollup as this sequencer orders it: pool, blocks, and the batch under way. Everything that moves it runs one after
 * the other; whatever is acknowledged is on disk first.
 */
export class Chain {
  readonly #options: ChainOptions;
  readonly #modules: ChainModules;
  readonly #serial = serial();
  readonly #lookUps: Allowance;
  #open!: BatchExecution;
  #pool!: TransactionPool;
  #last!: BlockRecord;
  /** The first block of the open batch, whichever it will be. */
  #firstBlock = 1n;
  #openedMs = 0;
  #openBytes = 0;
  #openUpdates = 0;
  #sequence = 0n;
  #broken: { readonly error: unknown } | undefined;

  constructor(options: ChainOptions, modules: ChainModules) {
    this.#options = options;
    this.#modules = modules;
    this.#lookUps = new Allowance(LOOK_UPS, modules.clock);
  }

  /**
   * Goes on where the database ends: the blocks behind the last batch are executed again, then the pool.
   * @throws {SequencerError} `SEQUENCER_STORE_CORRUPT`, `SEQUENCER_FEE_RECIPIENT`
   */
  async start(): Promise<void> {
    const { store, snapshots } = this.#modules;
    const { feeRecipient } = this.#options;
    const lastBatch = await store.lastBatch();
    if (lastBatch) await this.#catchUp(lastBatch);
    if (!snapshots.newest.ledger.find(feeRecipient))
      throw new SequencerError("SEQUENCER_FEE_RECIPIENT", { key: publicKeyToBase58(feeRecipient) });
    await this.#load(lastBatch?.nextBlock ?? 1n);
  }

  /** Everything behind the last batch, from the disk. */
  async #load(firstBlock: bigint): Promise<void> {
    const { store } = this.#modules;
    this.#last = (await store.lastBlock()) ?? genesisBlock(this.#options.domain);
    this.#begin(firstBlock);
    for (const block of await store.blocks(firstBlock, this.#last.height + 1n)) this.#replay(block);
    this.#pool = new TransactionPool(this.#options.pool, this.#base());
    for (const transaction of await store.pool()) {
      this.#sequence = transaction.sequence + 1n;
      await this.#forget(this.#pool.restore(transaction));
    }
  }

  /** State behind the last closed batch. */
  get state(): State {
    return this.#modules.snapshots.newest.state;
  }
  get tip(): BlockRecord {
    return this.#last;
  }
  get pending(): readonly PooledTransaction[] {
    return this.#pool.all;
  }
  /** The account as the last block leaves it; the fees of an open batch are not paid yet. */
  account(key: PublicKey): Account | null {
    return this.#open.ledger.find(key);
  }

  /** What became of a transaction: pending ones are in {@link pending}. */
  async fate(hash: string): Promise<TransactionFate | undefined> {
    return await this.#modules.store.fate(hash);
  }

  /**
   * Whether {@link submit} would take a command, told before its hash is worked out, which costs more than all checks.
   * @returns its hash where it waits here already
   * @throws {MempoolError}, {ExecutionError} as {@link submit}, but that a transaction in a block is rather called stale
   *   than a duplicate when many ask
   */
  screen(command: ZkappCommand): string | undefined {
    this.#refreshSlot();
    const twin = this.#pool.twin(command);
    if (twin) return twin.hash;
    try {
      this.#pool.admit(command);
    } catch (error) {
      // Perhaps it is in a block: only its hash can tell.
      if (codeOf(error) !== "MEMPOOL_NONCE_STALE" || !this.#lookUps.take()) throw error;
    }
    return undefined;
  }

  /**
   * Takes a transaction into the pool. It is on disk when this resolves.
   * @throws {MempoolError}; {ExecutionError} what would keep a block from taking it; {CommandError}
   */
  submit(hash: string, command: ZkappCommand): Promise<Transaction> {
    return this.#serial(async () => {
      const { store, clock, crashPoint } = this.#modules;
      const known = this.#pool.find(hash);
      if (known) return known; // its sender may not have heard our answer
      const fate = await store.fate(hash);
      if (fate?.kind === "included") throw new MempoolError("MEMPOOL_DUPLICATE", { hash });
      this.#refreshSlot();
      const admission = this.#pool.admit(command);
      const transaction = { hash, command, sequence: this.#sequence++, receivedMs: clock.now() };
      await store.addToPool(transaction, admission.replaces);
      crashPoint("transaction");
      await this.#forget(admission.commit(transaction));
      return transaction;
    });
  }

  /** Makes a block of what waits. @returns undefined when nothing does, or the batch under way has no room */
  closeBlock(): Promise<BlockRecord | undefined> {
    return this.#serial(() =>
      this.#orFatal(async () => {
        await this.#forget(this.#pool.expire(this.#modules.clock.now() - this.#options.maxWaitMs));
        return await this.#closeBlock({ evenEmpty: false });
      }),
    );
  }

  /** Closes the batch under way if it is time to. */
  closeDueBatch(): Promise<BatchRecord | undefined> {
    return this.#serial(async () => {
      const { blocks } = this.#open;
      if (blocks.length === 0) return undefined;
      const { blocksPerBatch, maxBatchAgeMs, maxOpenBatches } = this.#options;
      const { clock, openBatches } = this.#modules;
      const isDue =
        blocks.length >= blocksPerBatch ||
        clock.elapsed() - this.#openedMs >= maxBatchAgeMs ||
        this.#isFull();
      if (!isDue || openBatches() >= maxOpenBatches) return undefined;
      return await this.#orFatal(() => this.#closeBatch());
    });
  }

  /**
   * Closes the batch under way, with all that waits in the pool; with one empty block when there is nothing.
   * @throws {SequencerError} `SEQUENCER_BACKLOG`
   */
  closeBatch(): Promise<BatchRecord> {
    return this.#serial(async () => {
      const limit = this.#options.maxOpenBatches;
      const open = this.#modules.openBatches();
      if (open >= limit) throw new SequencerError("SEQUENCER_BACKLOG", { open, limit });
      return await this.#orFatal(async () => {
        await this.#closeBlock({ evenEmpty: this.#open.blocks.length === 0 });
        return await this.#closeBatch();
      });
    });
  }

  /**
   * Takes back this batch and everything behind it: their transactions wait again, before all others.
   * @param batch one that L1 can no longer accept
   */
  rewind(batch: BatchRecord): Promise<void> {
    return this.#serial(() =>
      this.#orFatal(async () => {
        const { store, snapshots, log } = this.#modules;
        const count = await store.rewind(batch);
        await snapshots.rewind(batch.source);
        log.warn("batches taken back", { batch: batch.number, transactions: count });
        await this.#load(batch.firstBlock);
      }),
    );
  }

  async #orFatal<T>(task: () => Promise<T>): Promise<T> {
    if (this.#broken) throw this.#broken.error;
    try {
      return await task();
    } catch (error) {
      this.#broken = { error };
      this.#modules.fatal(error);
      throw error;
    }
  }

  async #closeBlock({ evenEmpty }: { evenEmpty: boolean }): Promise<BlockRecord | undefined> {
    const { store, clock, signer, log, crashPoint } = this.#modules;
    const mayTake = !this.#isFull() && this.#pool.ready.length > 0;
    if (!mayTake && !evenEmpty) return undefined;
    const slot = this.#nextSlot();
    const timestampMs = BigInt(clock.now());
    if (this.#open.blocks.length === 0) this.#openedMs = clock.elapsed();
    this.#open.openBlock(slot, timestampMs);
    const { taken, refused } = this.#take();
    const body = {
      height: this.#last.height + 1n,
      slot,
      timestampMs,
      parent: this.#last.hash,
      transactions: taken.map(({ hash, command }) => ({ hash, command })),
    };
    const hash = blockHash(this.#options.domain, body);
    const block: BlockRecord = { ...body, hash, signature: signer.sign(hash) };
    await store.addBlock(block, taken);
    crashPoint("block");
    this.#last = block;
    await this.#forget(refused);
    const gone = new Set([...taken, ...refused.map(({ transaction }) => transaction)]);
    await this.#forget(this.#pool.rebase(this.#base(), gone));
    log.debug("block closed", { height: block.height, slot, transactions: taken.length });
    return block;
  }

  /** Applies what waits to the open block, in order, as far as the batch has room. */
  #take(): { taken: PooledTransaction[]; refused: DroppedTransaction[] } {
    const taken: PooledTransaction[] = [];
    const refused: DroppedTransaction[] = [];
    for (const transaction of this.#pool.ready) {
      if (this.#isFull()) break;
      try {
        this.#open.apply(transaction.command);
      } catch (error) {
        if (!(error instanceof ExecutionError)) throw error;
        // A nonce that is not next yet: one before it was refused, and the pool decides what becomes of this one.
        if (error.code !== "EXECUTION_NONCE") refused.push({ transaction, error });
        continue;
      }
      this.#count(transaction.command);
      taken.push(transaction);
    }
    return { taken, refused };
  }

  async #closeBatch(): Promise<BatchRecord> {
    const { store, snapshots, prover, clock, log, crashPoint } = this.#modules;
    const executed = this.#open.finish(this.#options.feeRecipient);
    const place = { firstBlock: this.#firstBlock, nowMs: clock.now() };
    const { record, inputs } = newBatch(executed, prover.plan(executed), place);
    await store.addBatch(record, inputs);
    crashPoint("closed");
    await snapshots.append(executed);
    this.#begin(record.nextBlock);
    await this.#forget(this.#pool.rebase(this.#base(), new Set()));
    const { number, transactions, leaves } = record;
    log.info("batch closed", {
      batch: number,
      blocks: executed.blocks.length,
      transactions,
      leaves: leaves.ledger,
    });
    return record;
  }

  /** A crash between the record of a batch and its snapshot: execute the batch again. */
  async #catchUp(batch: BatchRecord): Promise<void> {
    const { store, snapshots } = this.#modules;
    if (stateHash(snapshots.newest.state) === stateHash(batch.target)) return;
    if (stateHash(snapshots.newest.state) !== stateHash(batch.source))
      throw new SequencerError("SEQUENCER_STORE_CORRUPT", { what: `no snapshot of batch ${batch.number}` });
    const execution = new BatchExecution(snapshots.newest);
    for (const { slot, timestampMs, transactions } of await store.blocks(batch.firstBlock, batch.nextBlock)) {
      execution.openBlock(slot, timestampMs);
      for (const { command } of transactions) execution.apply(command);
    }
    const executed = execution.finish(batch.feeRecipient);
    if (stateHash(executed.target.state) !== stateHash(batch.target))
      throw new SequencerError("SEQUENCER_STORE_CORRUPT", {
        what: `batch ${batch.number} ends in another state`,
      });
    await snapshots.append(executed);
  }

  /** A fresh batch behind the last one. */
  #begin(firstBlock: bigint): void {
    this.#open = new BatchExecution(this.#modules.snapshots.newest, { traced: true });
    this.#firstBlock = firstBlock;
    this.#openBytes = 0;
    this.#openUpdates = 0;
  }

  /** When a moment before our start was, as `Clock.elapsed` counts; not in the future, should the date have been set since. */
  #elapsedAt(dateMs: number): number {
    const { clock } = this.#modules;
    return clock.elapsed() - Math.max(0, clock.now() - dateMs);
  }

  #replay({ slot, timestampMs, transactions }: BlockRecord): void {
    if (this.#open.blocks.length === 0) this.#openedMs = this.#elapsedAt(Number(timestampMs));
    this.#open.openBlock(slot, timestampMs);
    for (const { command } of transactions) {
      this.#open.apply(command);
      this.#count(command);
    }
  }

  #count(command: ZkappCommand): void {
    this.#openUpdates += command.updates.length + 1;
    this.#openBytes += postedBytes(command);
  }

  #isFull(): boolean {
    const { blocksPerBatch, maxBatchUpdates } = this.#options;
    const { blocks } = this.#open;
    const closedBlocks = Number(this.#last.height - this.#firstBlock) + 1;
    return (
      // The block under way may still be filled; a further one would be too many.
      closedBlocks >= blocksPerBatch ||
      (blocks.length > 0 && this.#openUpdates >= maxBatchUpdates) ||
      this.#openBytes >= MAX_OPEN_BYTES
    );
  }

  #nextSlot(): bigint {
    const last = this.#open.blocks.at(-1)?.slot ?? this.state.lastSlot;
    const now = this.#modules.slot();
    if (now > last) return now;
    return last;
  }

  #base(): PoolBase {
    const { ledger, fees } = this.#open;
    return { ledger, fees, rules: this.#modules.snapshots.newest.rules, slot: this.#nextSlot() };
  }

  /** Lets the pool see a new slot, so that the door judges deadlines by the block that comes. */
  #refreshSlot(): void {
    if (this.#pool.slot !== this.#nextSlot()) this.#pool.moveTo(this.#nextSlot());
  }

  async #forget(dropped: readonly DroppedTransaction[]): Promise<void> {
    const { store, log } = this.#modules;
    for (const { transaction, error } of dropped) {
      await store.drop(transaction, error.code);
      log.warn("transaction dropped", { transaction: transaction.hash, ...faultOf(error) });
    }
  }
}

/** Hashes worked out of commands whose nonce is used up: 20 ms each, and anybody can make such commands. */
const LOOK_UPS = { perSecond: 2, burst: 20 } as const;
/** Room for the batch's frame and for a compressor that finds nothing to compress. */
const MAX_OPEN_BYTES = MAX_DATA_BYTES - 256 * 1024;
/** Encoded account, generously: what each update adds to the list of changes at most. */
const CHANGE_BYTES = 640;

/** Bytes that a command adds to its batch at most, uncompressed. */
function postedBytes(command: ZkappCommand): number {
  const out = new ByteWriter();
  writeCommand(out, command);
  return out.finish().length + (command.updates.length + 1) * CHANGE_BYTES;
}

import type { AbstractBatchOperation, AbstractSublevel } from "abstract-level";
import { Level } from "level";
import type { BatchRecord, L1Place } from "../batches/BatchRecord.ts";
import type { BlockRecord, Transaction } from "../chain/BlockRecord.ts";
import { decodeTagged, encodeTagged } from "./taggedJson.ts";

/** A transaction that was acknowledged and is in no block yet. */
export interface PooledTransaction extends Transaction {
  /** Order of arrival. */
  readonly sequence: bigint;
  readonly receivedMs: number;
}

/** What became of a transaction that has left the pool. */
export type TransactionFate =
  | { readonly kind: "included"; readonly height: bigint }
  /** Acknowledged, but no block could take it any more: it had expired, say, or its sender replaced it. */
  | { readonly kind: "dropped"; readonly code: string };

/** What the outer account held in a block of L1. */
export interface L1Record extends L1Place {
  /** Number of the accepted batch. */
  readonly batch: bigint;
}

type Table = AbstractSublevel<Level<string, string>, string | Buffer | Uint8Array, string, string>;
type Operation = AbstractBatchOperation<Level<string, string>, string, string>;

const DURABLE = { sync: true } as const;
const NO_LIMIT = 10n ** 20n - 1n;
/** Decimal with leading zeros, so that the order of keys is the order of numbers. */
const ordered = (value: bigint) => value.toString().padStart(20, "0");

/**
 * The sequencer's database. Every write that is acknowledged to somebody is synced to disk before the method resolves, and
 * what belongs together is written together.
 */
export class SequencerStore {
  readonly #db: Level<string, string>;
  readonly #pool: Table;
  readonly #blocks: Table;
  readonly #fates: Table;
  readonly #batches: Table;
  readonly #data: Table;
  readonly #inputs: Table;
  readonly #proofs: Table;
  readonly #l1: Table;

  constructor(path: string) {
    this.#db = new Level(path);
    const table = (name: string): Table => this.#db.sublevel(name);
    this.#pool = table("pool");
    this.#blocks = table("blocks");
    this.#fates = table("fates");
    this.#batches = table("batches");
    this.#data = table("data");
    this.#inputs = table("inputs");
    this.#proofs = table("proofs");
    this.#l1 = table("l1");
  }

  async open(): Promise<void> {
    await this.#db.open();
  }
  async close(): Promise<void> {
    await this.#db.close();
  }

  async pool(): Promise<PooledTransaction[]> {
    return await all<PooledTransaction>(this.#pool);
  }
  /** @param replaced a transaction of the pool that this one takes the place of */
  async addToPool(transaction: PooledTransaction, replaced?: PooledTransaction): Promise<void> {
    const operations: Operation[] = [put(this.#pool, ordered(transaction.sequence), transaction)];
    if (replaced)
      operations.push(
        del(this.#pool, ordered(replaced.sequence)),
        put(this.#fates, replaced.hash, {
          kind: "dropped",
          code: "MEMPOOL_REPLACED",
        } satisfies TransactionFate),
      );
    await this.#db.batch(operations, DURABLE);
  }
  async drop(transaction: PooledTransaction, code: string): Promise<void> {
    await this.#db.batch(
      [
        del(this.#pool, ordered(transaction.sequence)),
        put(this.#fates, transaction.hash, { kind: "dropped", code } satisfies TransactionFate),
      ],
      DURABLE,
    );
  }
  async fate(hash: string): Promise<TransactionFate | undefined> {
    return read<TransactionFate>(await this.#fates.get(hash));
  }

  /** A block, its transactions' fate, and their leaving the pool, at once. */
  async addBlock(block: BlockRecord, taken: readonly PooledTransaction[]): Promise<void> {
    await this.#db.batch(
      [...this.#blockOperations(block), ...taken.map(({ sequence }) => del(this.#pool, ordered(sequence)))],
      DURABLE,
    );
  }
  async block(height: bigint): Promise<BlockRecord | undefined> {
    return read<BlockRecord>(await this.#blocks.get(ordered(height)));
  }
  /** Blocks `[from, to)`, oldest first. */
  async blocks(from: bigint, to: bigint): Promise<BlockRecord[]> {
    return await all<BlockRecord>(this.#blocks, { gte: ordered(from), lt: ordered(to) });
  }
  async lastBlock(): Promise<BlockRecord | undefined> {
    return (await all<BlockRecord>(this.#blocks, { reverse: true, limit: 1 }))[0];
  }

  /** A closed batch with the inputs of its proofs, by name; for a rebuilt one its blocks and bytes as well. */
  async addBatch(
    batch: BatchRecord,
    inputs: ReadonlyMap<string, unknown>,
    rebuilt?: { readonly blocks: readonly BlockRecord[]; readonly data: Uint8Array },
  ): Promise<void> {
    // A batch of this number may have been taken back, and a crash may have kept its proofs: they are of something else.
    await this.prune(batch.number);
    const operations: Operation[] = [put(this.#batches, ordered(batch.number), batch)];
    for (const [name, input] of inputs) operations.push(put(this.#inputs, nameOf(batch.number, name), input));
    if (rebuilt) {
      for (const block of rebuilt.blocks) operations.push(...this.#blockOperations(block));
      operations.push(put(this.#data, ordered(batch.number), rebuilt.data));
    }
    await this.#db.batch(operations, DURABLE);
  }
  async putBatch(batch: BatchRecord): Promise<void> {
    await this.#db.batch([put(this.#batches, ordered(batch.number), batch)], DURABLE);
  }
  async putData(number: bigint, data: Uint8Array): Promise<void> {
    await this.#db.batch([put(this.#data, ordered(number), data)], DURABLE);
  }
  async batch(number: bigint): Promise<BatchRecord | undefined> {
    return read<BatchRecord>(await this.#batches.get(ordered(number)));
  }
  /** All batches, oldest first. */
  async batches(): Promise<BatchRecord[]> {
    return await all<BatchRecord>(this.#batches);
  }
  async lastBatch(): Promise<BatchRecord | undefined> {
    return (await all<BatchRecord>(this.#batches, { reverse: true, limit: 1 }))[0];
  }
  /** Posted bytes of a batch. */
  async data(number: bigint): Promise<Uint8Array | undefined> {
    return read<Uint8Array>(await this.#data.get(ordered(number)));
  }

  async input(number: bigint, name: string): Promise<unknown> {
    return read<unknown>(await this.#inputs.get(nameOf(number, name)));
  }
  async proof(number: bigint, name: string): Promise<unknown> {
    return read<unknown>(await this.#proofs.get(nameOf(number, name)));
  }
  async putProof(batch: BatchRecord, name: string, proof: unknown): Promise<void> {
    await this.#db.batch(
      [
        put(this.#proofs, nameOf(batch.number, name), proof),
        put(this.#batches, ordered(batch.number), batch),
      ],
      DURABLE,
    );
  }
  /** A proof that somebody else made: nothing in the batch's record speaks of it. */
  async putForeignProof(number: bigint, name: string, proof: unknown): Promise<void> {
    await this.#db.batch([put(this.#proofs, nameOf(number, name), proof)], DURABLE);
  }
  /** Throws away what only an unfinished batch needs: inputs and proofs. Done again after a crash in between. */
  async prune(number: bigint): Promise<void> {
    const range = { gte: nameOf(number, ""), lt: nameOf(number, "~") };
    await this.#inputs.clear(range);
    await this.#proofs.clear(range);
  }

  /** Blocks of L1 that we have looked at, oldest first. */
  async l1(): Promise<L1Record[]> {
    return await all<L1Record>(this.#l1);
  }
  /** Rolls back to what L1's best chain still has, and adds its tip. */
  async putL1(gone: readonly L1Record[], tip: L1Record): Promise<void> {
    const operations = [
      ...gone.map(({ height }) => del(this.#l1, ordered(height))),
      put(this.#l1, ordered(tip.height), tip),
    ];
    await this.#db.batch(operations, DURABLE);
  }

  /**
   * Takes back a batch and everything behind it, at once. Its transactions, and those of the blocks behind it, are in the
   * pool again, before all others.
   * @returns how many came back
   */
  async rewind({ number, firstBlock }: Pick<BatchRecord, "number" | "firstBlock">): Promise<number> {
    const blocks = (await this.blocks(firstBlock, NO_LIMIT)).flatMap(
      ({ height, transactions, timestampMs }) => ({
        height,
        transactions: transactions.map((transaction) => ({
          ...transaction,
          receivedMs: Number(timestampMs),
        })),
      }),
    );
    const pool = await this.pool();
    const waiting = [...blocks.flatMap(({ transactions }) => transactions), ...pool];
    const batches = (await this.batches()).filter((batch) => batch.number >= number);
    await this.#db.batch(
      [
        ...pool.map(({ sequence }) => del(this.#pool, ordered(sequence))),
        ...blocks.flatMap(({ height, transactions }) => [
          del(this.#blocks, ordered(height)),
          ...transactions.map(({ hash }) => del(this.#fates, hash)),
        ]),
        ...waiting.map(({ hash, command, receivedMs }, i) =>
          put(this.#pool, ordered(BigInt(i)), { hash, command, receivedMs, sequence: BigInt(i) }),
        ),
        ...batches.flatMap((batch) => [
          del(this.#batches, ordered(batch.number)),
          del(this.#data, ordered(batch.number)),
        ]),
      ],
      DURABLE,
    );
    for (const batch of batches) await this.prune(batch.number);
    return waiting.length - pool.length;
  }

  #blockOperations(block: BlockRecord): Operation[] {
    const fate: TransactionFate = { kind: "included", height: block.height };
    return [
      put(this.#blocks, ordered(block.height), block),
      ...block.transactions.map(({ hash }) => put(this.#fates, hash, fate)),
    ];
  }
}

function nameOf(number: bigint, name: string): string {
  return `${ordered(number)}/${name}`;
}
function put(table: Table, key: string, value: unknown): Operation {
  return { type: "put", sublevel: table, key, value: encodeTagged(value) } as Operation;
}
function del(table: Table, key: string): Operation {
  return { type: "del", sublevel: table, key } as Operation;
}
function read<T>(text: string | undefined): T | undefined {
  return text === undefined ? undefined : decodeTagged<T>(text);
}
async function all<T>(
  table: Table,
  range: { gte?: string; lt?: string; reverse?: boolean; limit?: number } = {},
): Promise<T[]> {
  return (await table.values(range).all()).map((text) => decodeTagged<T>(text));
}

import { DurableLevel, type DurableLevelModules, type LevelWrite } from "../../service/index.ts";
import type { BatchRecord, L1Place } from "../batches/BatchRecord.ts";
import type { BlockRecord, Transaction } from "../chain/BlockRecord.ts";
import type { SlotClock } from "../settlement/SlotBound.ts";
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

/** Each kind of record has a name, which its keys begin with. */
type Table = "pool" | "blocks" | "fates" | "batches" | "data" | "inputs" | "proofs" | "l1" | "slots";
type Range = {
  readonly gte?: string;
  readonly lt?: string;
  readonly reverse?: boolean;
  readonly limit?: number;
};

const NO_LIMIT = 10n ** 20n - 1n;
/** Decimal with leading zeros, so that the order of keys is the order of numbers. */
const ordered = (value: bigint) => value.toString().padStart(20, "0");

/**
 * The sequencer's database. Every write that is acknowledged to somebody is synced to disk before the method resolves, and
 * what belongs together is written together.
 */
export class SequencerStore {
  readonly #db: DurableLevel;

  private constructor(db: DurableLevel) {
    this.#db = db;
  }

  /** Opens or creates the directory. @throws whatever LevelDB throws, a lock held by another process included */
  static async open(directory: string, modules: DurableLevelModules = {}): Promise<SequencerStore> {
    return new SequencerStore(await DurableLevel.open(directory, modules));
  }

  async close(): Promise<void> {
    await this.#db.close();
  }

  async pool(): Promise<PooledTransaction[]> {
    return await this.#all<PooledTransaction>("pool");
  }
  /** @param replaced a transaction of the pool that this one takes the place of */
  async addToPool(transaction: PooledTransaction, replaced?: PooledTransaction): Promise<void> {
    const operations: LevelWrite[] = [put("pool", ordered(transaction.sequence), transaction)];
    if (replaced)
      operations.push(
        del("pool", ordered(replaced.sequence)),
        put("fates", replaced.hash, {
          kind: "dropped",
          code: "MEMPOOL_REPLACED",
        } satisfies TransactionFate),
      );
    await this.#db.write(operations);
  }
  async drop(transaction: PooledTransaction, code: string): Promise<void> {
    await this.#db.write([
      del("pool", ordered(transaction.sequence)),
      put("fates", transaction.hash, { kind: "dropped", code } satisfies TransactionFate),
    ]);
  }
  async fate(hash: string): Promise<TransactionFate | undefined> {
    return await this.#get<TransactionFate>("fates", hash);
  }

  /** A block, its transactions' fate, and their leaving the pool, at once. */
  async addBlock(block: BlockRecord, taken: readonly PooledTransaction[]): Promise<void> {
    await this.#db.write([
      ...this.#blockOperations(block),
      ...taken.map(({ sequence }) => del("pool", ordered(sequence))),
    ]);
  }
  async block(height: bigint): Promise<BlockRecord | undefined> {
    return await this.#get<BlockRecord>("blocks", ordered(height));
  }
  /** Blocks `[from, to)`, oldest first. */
  async blocks(from: bigint, to: bigint): Promise<BlockRecord[]> {
    return await this.#all<BlockRecord>("blocks", { gte: ordered(from), lt: ordered(to) });
  }
  async lastBlock(): Promise<BlockRecord | undefined> {
    return (await this.#all<BlockRecord>("blocks", { reverse: true, limit: 1 }))[0];
  }

  /** A closed batch with the inputs of its proofs, by name; for a rebuilt one its blocks and bytes as well. */
  async addBatch(
    batch: BatchRecord,
    inputs: ReadonlyMap<string, unknown>,
    rebuilt?: { readonly blocks: readonly BlockRecord[]; readonly data: Uint8Array },
  ): Promise<void> {
    // A batch of this number may have been taken back, and a crash may have kept its proofs: they are of something else.
    await this.prune(batch.number);
    const operations: LevelWrite[] = [put("batches", ordered(batch.number), batch)];
    for (const [name, input] of inputs) operations.push(put("inputs", nameOf(batch.number, name), input));
    if (rebuilt) {
      for (const block of rebuilt.blocks) operations.push(...this.#blockOperations(block));
      operations.push(put("data", ordered(batch.number), rebuilt.data));
    }
    await this.#db.write(operations);
  }
  async putBatch(batch: BatchRecord): Promise<void> {
    await this.#db.write([put("batches", ordered(batch.number), batch)]);
  }
  async putData(number: bigint, data: Uint8Array): Promise<void> {
    await this.#db.write([put("data", ordered(number), data)]);
  }
  async batch(number: bigint): Promise<BatchRecord | undefined> {
    return await this.#get<BatchRecord>("batches", ordered(number));
  }
  /** All batches, oldest first. */
  async batches(): Promise<BatchRecord[]> {
    return await this.#all<BatchRecord>("batches");
  }
  async lastBatch(): Promise<BatchRecord | undefined> {
    return (await this.#all<BatchRecord>("batches", { reverse: true, limit: 1 }))[0];
  }
  /** Posted bytes of a batch. */
  async data(number: bigint): Promise<Uint8Array | undefined> {
    return await this.#get<Uint8Array>("data", ordered(number));
  }

  async input(number: bigint, name: string): Promise<unknown> {
    return await this.#get<unknown>("inputs", nameOf(number, name));
  }
  async proof(number: bigint, name: string): Promise<unknown> {
    return await this.#get<unknown>("proofs", nameOf(number, name));
  }
  async putProof(batch: BatchRecord, name: string, proof: unknown): Promise<void> {
    await this.#db.write([
      put("proofs", nameOf(batch.number, name), proof),
      put("batches", ordered(batch.number), batch),
    ]);
  }
  /** A proof that somebody else made: nothing in the batch's record speaks of it. */
  async putForeignProof(number: bigint, name: string, proof: unknown): Promise<void> {
    await this.#db.write([put("proofs", nameOf(number, name), proof)]);
  }
  /** Throws away what only an unfinished batch needs: inputs and proofs. Done again after a crash in between. */
  async prune(number: bigint): Promise<void> {
    const range = { gte: nameOf(number, ""), lt: nameOf(number, "~") };
    const gone: LevelWrite[] = [];
    for (const table of ["inputs", "proofs"] as const)
      for await (const key of this.#db.keys(rangeOf(table, range))) gone.push({ type: "del", key });
    if (gone.length > 0) await this.#db.write(gone);
  }

  /** What L1's slots were measured by when this database was new. */
  async slotClock(): Promise<SlotClock | undefined> {
    return await this.#get<SlotClock>("slots", "l1");
  }
  async putSlotClock(clock: SlotClock): Promise<void> {
    await this.#db.write([put("slots", "l1", clock)]);
  }

  /** Blocks of L1 that we have looked at, oldest first. */
  async l1(): Promise<L1Record[]> {
    return await this.#all<L1Record>("l1");
  }
  /** Rolls back to what L1's best chain still has, and adds its tip. */
  async putL1(gone: readonly L1Record[], tip: L1Record): Promise<void> {
    const operations = [
      ...gone.map(({ height }) => del("l1", ordered(height))),
      put("l1", ordered(tip.height), tip),
    ];
    await this.#db.write(operations);
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
    await this.#db.write([
      ...pool.map(({ sequence }) => del("pool", ordered(sequence))),
      ...blocks.flatMap(({ height, transactions }) => [
        del("blocks", ordered(height)),
        ...transactions.map(({ hash }) => del("fates", hash)),
      ]),
      ...waiting.map(({ hash, command, receivedMs }, i) =>
        put("pool", ordered(BigInt(i)), { hash, command, receivedMs, sequence: BigInt(i) }),
      ),
      ...batches.flatMap((batch) => [
        del("batches", ordered(batch.number)),
        del("data", ordered(batch.number)),
      ]),
    ]);
    for (const batch of batches) await this.prune(batch.number);
    return waiting.length - pool.length;
  }

  async #get<T>(table: Table, key: string): Promise<T | undefined> {
    const bytes = await this.#db.get(keyOf(table, key));
    return bytes && decode<T>(bytes);
  }

  async #all<T>(table: Table, range: Range = {}): Promise<T[]> {
    const values: T[] = [];
    for await (const [, bytes] of this.#db.entries(rangeOf(table, range))) values.push(decode<T>(bytes));
    return values;
  }

  #blockOperations(block: BlockRecord): LevelWrite[] {
    const fate: TransactionFate = { kind: "included", height: block.height };
    return [
      put("blocks", ordered(block.height), block),
      ...block.transactions.map(({ hash }) => put("fates", hash, fate)),
    ];
  }
}

function nameOf(number: bigint, name: string): string {
  return `${ordered(number)}/${name}`;
}
function keyOf(table: Table, key: string): string {
  return `!${table}!${key}`;
}
function rangeOf(table: Table, { gte = "", lt = "\uffff", ...rest }: Range) {
  return { gte: keyOf(table, gte), lt: keyOf(table, lt), ...rest };
}
function put(table: Table, key: string, value: unknown): LevelWrite {
  return { type: "put", key: keyOf(table, key), value: Buffer.from(encodeTagged(value)) };
}
function del(table: Table, key: string): LevelWrite {
  return { type: "del", key: keyOf(table, key) };
}
function decode<T>(bytes: Uint8Array): T {
  return decodeTagged<T>(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString());
}

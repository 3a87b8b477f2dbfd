import type { Level } from "level";
import type { KeyValueStore, StoreSnapshot, StoreWrite } from "./KeyValueStore.ts";

type Reading = { readonly snapshot?: ReturnType<Database["snapshot"]> };
type Range = { readonly gte: string; readonly lt: string };
type Database = Level<string, Uint8Array>;

/** A LevelDB database, as far as it is used here. */
export type LevelDatabase = Pick<Database, "snapshot" | "close"> & {
  get(key: string, options?: Reading): Promise<Uint8Array | undefined>;
  /** Records of a range of keys, in key order. */
  entries(range: Reading & Range): AsyncIterable<readonly [key: string, value: Uint8Array]>;
  /** On disk when it resolves: a validator signs only what a power cut cannot take back. */
  write(
    operations: readonly ({ type: "put"; key: string; value: Uint8Array } | { type: "del"; key: string })[],
  ): Promise<void>;
};

/** Records in a LevelDB directory. */
export class LevelStore implements KeyValueStore {
  readonly #db: LevelDatabase;

  /** @param db opened by the caller, and closed with this store */
  constructor(db: LevelDatabase) {
    this.#db = db;
  }

  async get(key: string): Promise<Uint8Array | null> {
    return (await this.#db.get(key)) ?? null;
  }

  async *entries(prefix: string): AsyncGenerator<readonly [key: string, value: Uint8Array]> {
    yield* this.#db.entries(below(prefix));
  }

  snapshot(): StoreSnapshot {
    const db = this.#db;
    const snapshot = db.snapshot();
    return {
      get: async (key) => (await db.get(key, { snapshot })) ?? null,
      async *entries(prefix) {
        yield* db.entries({ ...below(prefix), snapshot });
      },
      close: () => snapshot.close(),
    };
  }

  async write(writes: readonly StoreWrite[]): Promise<void> {
    await this.#db.write(
      writes.map(({ key, value }) => (value === null ? { type: "del", key } : { type: "put", key, value })),
    );
  }

  async close(): Promise<void> {
    await this.#db.close();
  }
}

function below(prefix: string) {
  return { gte: prefix, lt: `${prefix}\uffff` }; // 0xffff sorts behind every character that keys are made of
}

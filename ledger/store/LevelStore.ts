import { Level } from "level";
import type { KeyValueStore, StoreSnapshot, StoreWrite } from "./KeyValueStore.ts";

/** Records in a LevelDB directory. One process at a time: LevelDB locks it. */
export class LevelStore implements KeyValueStore {
  readonly #db: Level<string, Uint8Array>;

  private constructor(db: Level<string, Uint8Array>) {
    this.#db = db;
  }

  /** Opens or creates the directory. @throws whatever LevelDB throws, a lock held by another process included */
  static async open(directory: string): Promise<LevelStore> {
    const db = new Level<string, Uint8Array>(directory, { keyEncoding: "utf8", valueEncoding: "view" });
    await db.open();
    return new LevelStore(db);
  }

  async get(key: string): Promise<Uint8Array | null> {
    return (await this.#db.get(key)) ?? null;
  }

  async *entries(prefix: string): AsyncGenerator<readonly [key: string, value: Uint8Array]> {
    yield* this.#db.iterator(below(prefix));
  }

  snapshot(): StoreSnapshot {
    const db = this.#db;
    const snapshot = db.snapshot();
    return {
      get: async (key) => (await db.get(key, { snapshot })) ?? null,
      async *entries(prefix) {
        yield* db.iterator({ ...below(prefix), snapshot });
      },
      close: () => snapshot.close(),
    };
  }

  async write(writes: readonly StoreWrite[]): Promise<void> {
    const operations = writes.map(({ key, value }) =>
      value === null ? ({ type: "del", key } as const) : ({ type: "put", key, value } as const),
    );
    // `sync` waits for the disk: a validator signs only what a power cut cannot take back.
    await this.#db.batch(operations, { sync: true } as object);
  }

  async close(): Promise<void> {
    await this.#db.close();
  }
}

function below(prefix: string) {
  return { gte: prefix, lt: `${prefix}\uffff` }; // 0xffff sorts behind every character that keys are made of
}

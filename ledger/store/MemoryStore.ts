import type { KeyValueStore, StoreSnapshot, StoreWrite } from "./KeyValueStore.ts";

/** Keeps records for as long as the process lives; for tests and for tools that look at a state once. */
export class MemoryStore implements KeyValueStore {
  readonly #records = new Map<string, Uint8Array>();

  async get(key: string): Promise<Uint8Array | null> {
    return this.#records.get(key)?.slice() ?? null;
  }

  async *entries(prefix: string): AsyncGenerator<readonly [key: string, value: Uint8Array]> {
    const keys = [...this.#records.keys()].filter((key) => key.startsWith(prefix)).sort();
    for (const key of keys) {
      const value = this.#records.get(key);
      if (value) yield [key, value.slice()];
    }
  }

  async write(writes: readonly StoreWrite[]): Promise<void> {
    for (const { key, value } of writes) {
      if (value === null) this.#records.delete(key);
      else this.#records.set(key, value.slice());
    }
  }

  snapshot(): StoreSnapshot {
    const copy = new MemoryStore();
    for (const [key, value] of this.#records) copy.#records.set(key, value);
    return copy;
  }

  async close(): Promise<void> {}
}

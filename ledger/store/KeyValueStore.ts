/** One record to write; a null value deletes. */
export interface StoreWrite {
  readonly key: string;
  readonly value: Uint8Array | null;
}

/**
 * Where a replica keeps what it must not lose: sorted keys, bytes as values, atomic writes.
 * Implementations: {@link MemoryStore}, {@link LevelStore}; one test suite for both.
 */
export interface KeyValueStore {
  get(key: string): Promise<Uint8Array | null>;
  /** Every record whose key starts with `prefix`, in key order. */
  entries(prefix: string): AsyncIterable<readonly [key: string, value: Uint8Array]>;
  /** All of the writes or none, and on disk once this resolves. */
  write(writes: readonly StoreWrite[]): Promise<void>;
  /** May be called twice. */
  close(): Promise<void>;
}

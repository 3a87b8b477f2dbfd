/** One record to write; a null value deletes. */
export interface StoreWrite {
  readonly key: string;
  readonly value: Uint8Array | null;
}

/** Records of one moment, for reading. */
export type StoreSnapshot = Pick<KeyValueStore, "get" | "entries" | "close">;

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
  /** The records as they are now, whatever is written later. Whoever asked closes it. */
  snapshot(): StoreSnapshot;
  /** May be called twice. */
  close(): Promise<void>;
}

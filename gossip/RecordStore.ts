import { Level } from "level";

/** One record to write; undefined deletes it. */
export type RecordWrite = readonly [key: string, value: Uint8Array | undefined];

export type Range = { readonly after?: string; readonly limit?: number };

/** What a role must not forget: sorted keys, bytes as values, atomic writes that are on disk when they resolve. */
export interface RecordStore {
  get(key: string): Promise<Uint8Array | undefined>;
  /** Records whose key starts with `prefix`, in key order, those behind the key `after` if one is given. */
  range(prefix: string, range?: Range): AsyncIterable<readonly [key: string, value: Uint8Array]>;
  write(writes: readonly RecordWrite[]): Promise<void>;
  /** May be called twice. */
  close(): Promise<void>;
}

/** Opens or creates a LevelDB directory; one process at a time. */
export async function openRecordStore(directory: string): Promise<RecordStore> {
  const db = new Level<string, Uint8Array>(directory, { keyEncoding: "utf8", valueEncoding: "view" });
  await db.open();
  return {
    get: async (key) => (await db.get(key)) ?? undefined,
    async *range(prefix, { after, limit = -1 } = {}) {
      const start = after === undefined ? { gte: prefix } : { gt: after };
      yield* db.iterator({ ...start, lt: `${prefix}\uffff`, limit });
    },
    async write(writes) {
      const operations = writes.map(([key, value]) =>
        value === undefined ? ({ type: "del", key } as const) : ({ type: "put", key, value } as const),
      );
      // `sync` waits for the disk: nobody may learn of what a power cut can take back.
      await db.batch(operations, { sync: true } as object);
    },
    close: () => db.close(),
  };
}

import { DurableLevel, type DurableLevelModules } from "../service/index.ts";

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
export async function openRecordStore(
  directory: string,
  modules: DurableLevelModules = {},
): Promise<RecordStore> {
  const db = await DurableLevel.open(directory, modules);
  return {
    get: (key) => db.get(key),
    async *range(prefix, { after, limit = -1 } = {}) {
      const start = after === undefined ? { gte: prefix } : { gt: after };
      yield* db.entries({ ...start, lt: `${prefix}\uffff`, limit });
    },
    write: (writes) =>
      db.write(
        writes.map(([key, value]) =>
          value === undefined ? { type: "del", key } : { type: "put", key, value },
        ),
      ),
    close: () => db.close(),
  };
}

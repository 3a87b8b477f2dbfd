import { mkdir, statfs } from "node:fs/promises";
import { Level } from "level";

export interface DurableLevelModules {
  /** Told of each write that the disk did not take. */
  readonly onFailure?: () => void;
  /** Bytes that may still be written below a directory; the file system's word by default. */
  readonly freeBytes?: (directory: string) => Promise<number>;
}

export type LevelWrite =
  | { readonly type: "put"; readonly key: string; readonly value: Uint8Array }
  | { readonly type: "del"; readonly key: string };

export type LevelSnapshot = ReturnType<Database["snapshot"]>;
export type LevelRead = { readonly snapshot?: LevelSnapshot };
export type LevelRange = LevelRead & {
  readonly gt?: string;
  readonly gte?: string;
  readonly lt: string;
  readonly limit?: number;
  /** Last key first. */
  readonly reverse?: boolean;
};

type Database = Level<string, Uint8Array>;

type WaitingWrite = {
  readonly operations: readonly LevelWrite[];
  readonly written: PromiseWithResolvers<void>;
};

type FailedWrite = {
  readonly error: unknown;
  readonly keys: readonly string[];
  /** What these keys held, and hold until it has been opened anew. */
  before?: readonly LevelWrite[];
};

/** To open a database, LevelDB writes its log out anew: up to 4 MiB, and the batch that went beyond. */
const REOPEN_BYTES = 16 * 1024 * 1024;

/**
 * A LevelDB directory whose writes are on disk when they resolve: also those behind one that failed.
 *
 * LevelDB counts what it has meant to append to its log. When a disk takes a part of that only, because it is full, whatever
 * comes after stands where nobody looks for it at the next start: acknowledged, readable, and lost then. So nothing is
 * written behind a failed write before the database has been opened anew, with another log; until there is room for that, it
 * is read only. A write that failed may be whole on disk all the same, and would appear then, behind the back of whoever has
 * gone on without it: what it meant to change is put back first. Writes wait for each other: none may be under way behind one
 * that fails. Those that wait go to disk together, so that many who write at once wait for the disk twice at most.
 */
export class DurableLevel {
  readonly #directory: string;
  readonly #db: Database;
  readonly #onFailure: () => void;
  readonly #freeBytes: (directory: string) => Promise<number>;
  #failed: FailedWrite | undefined;
  #reopening: Promise<void> | undefined;
  #waiting: WaitingWrite[] = [];
  #writing: Promise<void> | undefined;
  #isClosed = false;

  private constructor(directory: string, db: Database, modules: DurableLevelModules) {
    this.#directory = directory;
    this.#db = db;
    this.#onFailure = modules.onFailure ?? (() => {});
    this.#freeBytes = modules.freeBytes ?? freeBytes;
  }

  /** Opens or creates the directory. @throws whatever LevelDB throws, a lock held by another process included */
  static async open(directory: string, modules: DurableLevelModules = {}): Promise<DurableLevel> {
    await mkdir(directory, { recursive: true });
    const db: Database = new Level(directory, { keyEncoding: "utf8", valueEncoding: "view" });
    await db.open();
    return new DurableLevel(directory, db, modules);
  }

  /** @throws whatever kept the database from being opened anew, while that is so; as all that reads */
  async get(key: string, options: LevelRead = {}): Promise<Uint8Array | undefined> {
    while (this.#isShut) await this.#ready();
    return await this.#db.get(key, options);
  }

  /** In key order. */
  async *entries(range: LevelRange): AsyncGenerator<[key: string, value: Uint8Array]> {
    while (this.#isShut) await this.#ready();
    yield* this.#db.iterator(range);
  }

  async *keys(range: LevelRange): AsyncGenerator<string> {
    while (this.#isShut) await this.#ready();
    yield* this.#db.keys(range);
  }

  snapshot(): LevelSnapshot {
    return this.#db.snapshot();
  }

  /**
   * All of it or nothing. @throws whatever LevelDB throws; nobody reads it then, unless this process ends before the
   * database has been opened anew
   */
  async write(operations: readonly LevelWrite[]): Promise<void> {
    const written = Promise.withResolvers<void>();
    this.#waiting.push({ operations, written });
    this.#writing ??= this.#writeAll();
    await written.promise;
  }

  /** May be called twice. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#writing;
    await this.#db.close();
  }

  /** What waits, in order, until nothing does. Never rejects: whoever asked hears of it. */
  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const together = this.#waiting.splice(0);
      try {
        await this.#write(together.flatMap(({ operations }) => operations));
        for (const { written } of together) written.resolve();
      } catch (error) {
        for (const { written } of together) written.reject(error);
      }
    }
    this.#writing = undefined;
  }

  async #write(operations: readonly LevelWrite[]): Promise<void> {
    try {
      if (this.#failed) await this.#recover(this.#failed);
      await this.#append(operations);
    } catch (error) {
      this.#failed ??= { error, keys: operations.map(({ key }) => key) };
      this.#onFailure();
      throw error;
    }
  }

  /** `sync` waits for the disk: nobody may learn of what a power cut can take back. */
  async #append(operations: readonly LevelWrite[]): Promise<void> {
    await this.#db.batch([...operations], { sync: true } as object);
  }

  async #recover(failed: FailedWrite): Promise<void> {
    if (this.#isClosed || (await this.#freeBytes(this.#directory)) < REOPEN_BYTES) throw failed.error;
    failed.before ??= await Promise.all(failed.keys.map((key) => this.#restoring(key)));
    this.#reopening = this.#openAnew(failed.before);
    try {
      await this.#reopening;
      this.#failed = undefined;
    } finally {
      this.#reopening = undefined;
    }
  }

  async #restoring(key: string): Promise<LevelWrite> {
    const value = await this.#db.get(key);
    return value === undefined ? { type: "del", key } : { type: "put", key, value };
  }

  /** Leaves it shut when that fails. */
  async #openAnew(before: readonly LevelWrite[]): Promise<void> {
    await this.#db.close();
    await this.#db.open();
    try {
      await this.#append(before);
    } catch (error) {
      await this.#db.close();
      throw error;
    }
  }

  get #isShut(): boolean {
    return this.#reopening !== undefined || (this.#db.status === "closed" && !this.#isClosed);
  }

  /** Waits for the opening that is under way, or tries again where the last one failed. */
  async #ready(): Promise<void> {
    if (this.#reopening)
      await this.#reopening.catch(() => {}); // for whoever writes to say
    else await this.write([]);
  }
}

async function freeBytes(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}

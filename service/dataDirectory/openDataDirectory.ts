import { chmod, mkdir, readdir, readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { DataDirectoryError } from "../errors/DataDirectoryError.ts";
import { LOCK_FILE, takeLock } from "./takeLock.ts";
import { writeFileDurably } from "./writeFileDurably.ts";

export type DataDirectoryOptions = {
  readonly path: string;
  /** The role that owns it. */
  readonly role: string;
  /** Raised with each change of what is stored. */
  readonly schema: number;
  /** What deployment it belongs to (the domain in decimal, say); a directory of another one is refused. */
  readonly network?: string;
};

/** A role's own place on disk, held by this process alone until `close`. */
export interface DataDirectory {
  readonly path: string;
  /** The path of a file or directory in it. */
  file(name: string): string;
  /** Lets another process have it. May be called twice. */
  close(): Promise<void>;
}

const SCHEMA_FILE = "schema.json";

type Schema = { readonly role: string; readonly schema: number; readonly network: string | null };

/**
 * Opens a data directory, making it (0700) where there is none.
 *
 * The lock comes first, so that two processes that start together cannot both find the directory new. A lock left by a
 * process that is no more is taken over.
 *
 * @throws {DataDirectoryError} each of its codes
 */
export async function openDataDirectory(options: DataDirectoryOptions): Promise<DataDirectory> {
  const path = resolve(options.path);
  await translate(path, async () => {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await assertPrivate(path);
  });
  const release = await translate(path, () => takeLock(path));
  try {
    await translate(path, () => checkSchema(path, options));
  } catch (error) {
    await release();
    throw error;
  }
  return { path, file: (name) => join(path, name), close: release };
}

async function assertPrivate(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & 0o077) === 0) return;
  // An empty directory that somebody made for us has nothing to hide yet: close it.
  if ((await readdir(path)).length === 0) return await chmod(path, 0o700);
  throw new DataDirectoryError("DATA_DIRECTORY_OPEN", { path, mode: (mode & 0o777).toString(8) });
}

async function checkSchema(path: string, options: DataDirectoryOptions): Promise<void> {
  const { role, schema, network = null } = options;
  const names = (await readdir(path)).filter((name) => name !== LOCK_FILE && !name.startsWith("."));
  if (!names.includes(SCHEMA_FILE)) {
    if (names.length > 0) throw new DataDirectoryError("DATA_DIRECTORY_FOREIGN", { path });
    const fresh: Schema = { role, schema, network };
    return await writeFileDurably(join(path, SCHEMA_FILE), `${JSON.stringify(fresh)}\n`);
  }
  const found = parseSchema(path, await readFile(join(path, SCHEMA_FILE), "utf8"));
  if (found.role !== role)
    throw new DataDirectoryError("DATA_DIRECTORY_OTHER_ROLE", { path, found: found.role, wanted: role });
  if (found.schema !== schema)
    throw new DataDirectoryError("DATA_DIRECTORY_SCHEMA", { path, found: found.schema, wanted: schema });
  if (found.network !== network) throw new DataDirectoryError("DATA_DIRECTORY_OTHER_NETWORK", { path });
}

function parseSchema(path: string, text: string): Schema {
  try {
    const { role, schema, network } = JSON.parse(text);
    if (
      typeof role === "string" &&
      Number.isSafeInteger(schema) &&
      (network === null || typeof network === "string")
    )
      return { role, schema, network };
  } catch {
    // Falls through: whatever it is, it is not ours.
  }
  throw new DataDirectoryError("DATA_DIRECTORY_FOREIGN", { path });
}

async function translate<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof DataDirectoryError) throw cause;
    if (isFull(cause)) throw new DataDirectoryError("DATA_DIRECTORY_FULL", { path }, { cause });
    const reason = (cause as NodeJS.ErrnoException).code ?? "unknown reason";
    throw new DataDirectoryError("DATA_DIRECTORY_UNUSABLE", { path, reason }, { cause });
  }
}

/** The disk's end, or that of what this user may take of it. */
function isFull(error: unknown): boolean {
  return ["ENOSPC", "EDQUOT"].includes((error as NodeJS.ErrnoException).code ?? "");
}

import { chmod, mkdir, open, readFile, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { syncDirectory } from "../dataDirectory/writeFileDurably.ts";
import { KeyError } from "../errors/KeyError.ts";

const MAX_BYTES = 64 * 1024;

/**
 * Reads a small file that only its owner may read.
 *
 * @throws {KeyError} `KEY_FILE_MISSING`, `KEY_FILE_OPEN`, `KEY_FILE_UNUSABLE`
 */
export async function readPrivateFile(file: string): Promise<string> {
  try {
    const { mode, size } = await stat(file);
    if ((mode & 0o077) !== 0) throw new KeyError("KEY_FILE_OPEN", { file, mode: (mode & 0o777).toString(8) });
    if (size > MAX_BYTES) throw new KeyError("KEY_FILE_UNUSABLE", { file, reason: "larger than 64 KiB" });
    return await readFile(file, "utf8");
  } catch (error) {
    throw translate(error, file);
  }
}

/**
 * Writes a new file (0600) and never over another, in a directory (0700) that is made where there is none.
 *
 * @throws {KeyError} `KEY_FILE_EXISTS`, `KEY_FILE_OPEN` (the directory is), `KEY_FILE_UNUSABLE`
 */
export async function writePrivateFile(file: string, content: string, mode = 0o600): Promise<void> {
  const directory = dirname(resolve(file));
  try {
    const made = await mkdir(directory, { recursive: true, mode: 0o700 });
    if (made) await chmod(directory, 0o700);
    const { mode: open_ } = await stat(directory);
    // Whoever may write in the directory could put another key in the place of this one.
    if ((open_ & 0o022) !== 0)
      throw new KeyError("KEY_FILE_OPEN", { file: directory, mode: (open_ & 0o777).toString(8) });
    const handle = await open(file, "wx", mode);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await syncDirectory(directory);
  } catch (error) {
    throw translate(error, file);
  }
}

function translate(error: unknown, file: string): unknown {
  if (error instanceof KeyError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? "unknown reason";
  if (code === "ENOENT") return new KeyError("KEY_FILE_MISSING", { file }, { cause: error });
  if (code === "EEXIST") return new KeyError("KEY_FILE_EXISTS", { file }, { cause: error });
  return new KeyError("KEY_FILE_UNUSABLE", { file, reason: code }, { cause: error });
}

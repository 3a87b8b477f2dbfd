import { link, readFile, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DataDirectoryError } from "../errors/DataDirectoryError.ts";
import { birthOf } from "./birthOf.ts";
import { inTurn } from "./inTurn.ts";

export const LOCK_FILE = "lock";

type Holder = { readonly pid: number; readonly birth: string | null };

/** Locks held by this process, so that it does not take its own for one left by an earlier process of the same id. */
const heldHere = new Set<string>();

/**
 * Takes the lock of a directory.
 *
 * The file appears whole or not at all (a link to a finished draft), names the process and when that began, so that a
 * process id used again by another program does not keep us out; a stale lock is removed by one process at a time.
 *
 * @returns gives the lock back
 * @throws {DataDirectoryError} `DATA_DIRECTORY_LOCKED`
 */
export async function takeLock(directory: string): Promise<() => Promise<void>> {
  const lock = join(directory, LOCK_FILE);
  const draft = join(directory, `.lock.${process.pid}.${crypto.randomUUID()}`);
  const self: Holder = { pid: process.pid, birth: await birthOf(process.pid) };
  await writeFile(draft, JSON.stringify(self), { mode: 0o600, flag: "wx" });
  try {
    while (!(await linked(draft, lock))) await inTurn(directory, () => removeStale(directory, lock));
  } finally {
    await unlink(draft);
  }
  heldHere.add(lock);
  return async () => {
    if (heldHere.delete(lock)) await unlink(lock);
  };
}

async function linked(draft: string, lock: string): Promise<boolean> {
  try {
    await link(draft, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function removeStale(directory: string, lock: string): Promise<void> {
  const text = await contentOf(lock);
  if (text === null) return; // given back in between
  const holder = parseHolder(text);
  if (heldHere.has(lock) || (holder && (await lives(holder))))
    throw new DataDirectoryError("DATA_DIRECTORY_LOCKED", {
      path: directory,
      pid: holder?.pid ?? process.pid,
    });
  // Ours alone to remove: its holder is dead, and whoever else comes for it waits for this turn to end.
  await unlink(lock);
}

async function lives({ pid, birth }: Holder): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: there is such a process, of another user.
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  if (birth === null) return pid !== process.pid;
  return (await birthOf(pid)) === birth;
}

function parseHolder(text: string): Holder | null {
  try {
    const { pid, birth } = JSON.parse(text);
    return Number.isSafeInteger(pid) && pid > 0
      ? { pid, birth: typeof birth === "string" ? birth : null }
      : null;
  } catch {
    return null;
  }
}

async function contentOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

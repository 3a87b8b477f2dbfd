import { rmSync } from "node:fs";
import { mkdtemp, open, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "../../../scripts/chain/runProgram.ts";

export interface SmallDisk {
  readonly directory: string;
  /** Takes up all room but so many bytes. */
  fill(left: number): Promise<void>;
  /** Gives it back. */
  empty(): void;
  close(): Promise<void>;
}

const PAGE = Buffer.alloc(4_096);

/** A file system of its own, in memory. @throws {Error} where this user may not mount one: then nothing has been tested */
export async function smallDisk(bytes: number): Promise<SmallDisk> {
  const directory = await mkdtemp(join(tmpdir(), "zeko-disk-"));
  await asRoot("mount", "-t", "tmpfs", "-o", `size=${bytes},mode=0777`, "tmpfs", directory);
  const filler = join(directory, "filler");
  const empty = () => rmSync(filler, { force: true });
  return {
    directory,
    async fill(left) {
      const file = await open(filler, "a");
      await writeUntilFull((page) => file.write(page));
      const { size } = await file.stat();
      await file.truncate(Math.max(0, size - left));
      await file.close();
    },
    empty,
    async close() {
      await asRoot("umount", "--lazy", directory);
      await rmdir(directory);
    },
  };
}

async function writeUntilFull(write: (page: Buffer) => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await write(PAGE);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOSPC") return;
      throw error;
    }
  }
}

async function asRoot(...command: readonly [string, ...string[]]): Promise<void> {
  const [program, ...args] = process.getuid?.() === 0 ? command : ["sudo", "--non-interactive", ...command];
  const { code, err } = await runProgram(program!, args);
  if (code !== 0)
    throw new Error(
      `a full disk is tested on a tmpfs, which root mounts, or sudo without a password: ${err}`,
    );
}

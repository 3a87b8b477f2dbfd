import { readFile } from "node:fs/promises";

/**
 * When a process began, in a form that no other process with the same id has: boot id and clock ticks since boot.
 * `null` where the system does not tell (only Linux does) or there is no such process.
 */
export async function birthOf(pid: number): Promise<string | null> {
  try {
    const [boot, status] = await Promise.all([
      readFile("/proc/sys/kernel/random/boot_id", "utf8"),
      readFile(`/proc/${pid}/stat`, "utf8"),
    ]);
    // The second field is the program's name in brackets and may hold anything; starttime is the 20th after it.
    const ticks = status.slice(status.lastIndexOf(")") + 2).split(" ")[19];
    return ticks ? `${boot.trim()}:${ticks}` : null;
  } catch {
    return null;
  }
}

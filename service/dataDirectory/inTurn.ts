import { createHash } from "node:crypto";
import { realpath } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { platform, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Between two looks whether another process has ended its turn, which takes it a few milliseconds. */
const LOOK_MS = 10;

/**
 * Runs `work` while no other process, and nobody else in this one, is in its turn for the same directory.
 *
 * A local socket that only one can listen on: the system frees it when the process ends, however it ends, so that a turn
 * cannot be left taken.
 */
export async function inTurn<T>(directory: string, work: () => Promise<T>): Promise<T> {
  const path = await turnPath(directory);
  let server = await listen(path);
  while (!server) {
    await sleep(LOOK_MS);
    server = await listen(path);
  }
  try {
    return await work();
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

/** Linux has names without a file behind them; elsewhere a socket file does. */
async function turnPath(directory: string): Promise<string> {
  const name = createHash("sha256")
    .update(await realpath(directory))
    .digest("hex")
    .slice(0, 16);
  return platform() === "linux" ? `\\0zeko-lock-${name}` : join(tmpdir(), `zeko-lock-${name}.sock`);
}

/** @returns null when somebody else is listening */
function listen(path: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(null) : reject(error),
    );
    server.listen(path, () => resolve(server));
  });
}

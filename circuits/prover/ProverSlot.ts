import { createHash } from "node:crypto";
import { connect, createServer, type Server, type Socket } from "node:net";
import { platform } from "node:os";
import { join } from "node:path";

/**
 * The right to be the one proving process of this machine (of one key cache, to be exact).
 *
 * A local socket that only one process can listen on: the system frees it when that process ends, however it ends, so
 * there is nothing stale to clean up. Who wants it next connects and waits for the connection to close.
 */
export interface ProverSlot {
  /** Called once, when another process is waiting; at once if one is. */
  onWanted(listener: () => void): void;
  release(): Promise<void>;
}

/** Waits until no other process holds the slot of this cache directory. */
export async function acquireProverSlot(cacheDirectory: string): Promise<ProverSlot> {
  const path = slotPath(cacheDirectory);
  for (;;) {
    const server = await listen(path);
    if (server) return slotOf(server);
    await closed(path);
  }
}

/** Linux has names without a file behind them; elsewhere a socket file in the cache directory does. */
function slotPath(cacheDirectory: string): string {
  const name = createHash("sha256").update(cacheDirectory).digest("hex").slice(0, 16);
  return platform() === "linux" ? `\0zeko-prover-${name}` : join(cacheDirectory, "prover.sock");
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

/** Ends when the holder's process ends or releases. A refused connection means that this happened already. */
function closed(path: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => resolve());
  });
}

function slotOf(server: Server): ProverSlot {
  const waiting = new Set<Socket>();
  let wanted: (() => void) | undefined;
  server.on("connection", (socket) => {
    waiting.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => waiting.delete(socket));
    wanted?.();
  });
  server.unref();
  return {
    onWanted(listener) {
      wanted = listener;
      if (waiting.size > 0) listener();
    },
    async release() {
      const done = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of waiting) socket.destroy();
      await done;
    },
  };
}

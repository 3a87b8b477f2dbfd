import { spawn } from "node:child_process";
import { delimiter, join } from "node:path";
import { root } from "./root.mjs";

/**
 * Runs a program with the packages' own programs, Node 24 among them, first on the path. Signals reach it, and we wait for
 * it to end by itself.
 *
 * @returns {Promise<number>} its exit code; 128 + number when a signal ended it
 */
export async function runCommand([program, ...args], { cwd = root } = {}) {
  const path = [join(root, "node_modules", ".bin"), process.env.PATH].join(delimiter);
  const child = spawn(program, args, { cwd, stdio: "inherit", env: { ...process.env, PATH: path } });
  // Ctrl-C in a terminal reaches the child by itself; what is sent to us alone must be passed on.
  const pass = (signal) => child.kill(signal);
  const ignore = () => {};
  process.on("SIGTERM", pass);
  process.on("SIGINT", process.stdin.isTTY ? ignore : pass);
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      process.off("SIGTERM", pass);
      process.off("SIGINT", process.stdin.isTTY ? ignore : pass);
      resolve(code ?? 128 + (signalNumbers[signal] ?? 0));
    });
  });
}

const signalNumbers = { SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

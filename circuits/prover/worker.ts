import { Worker } from "node:worker_threads";
import { Cache, initializeBindings } from "o1js";
import { type ProgramName, readKey } from "../keys/index.ts";
import type { WorkerMessage, WorkerRequest, WorkerTask } from "./messages.ts";
import { acquireProverSlot } from "./ProverSlot.ts";
import { loadProgram, type ProvingProgram } from "./programs.ts";

/**
 * A proving process: `worker.ts <program> <task> <key cache> <slot directory>`, talking over IPC. It ends when its
 * parent does.
 */
async function main([program, task, keyCache, slotDirectory]: string[]): Promise<void> {
  process.on("disconnect", () => process.exit(0));
  new Worker(new URL("./orphanWatch.ts", import.meta.url), { workerData: process.ppid }).unref();
  const slot = await acquireProverSlot(slotDirectory!);
  slot.onWanted(() => send({ kind: "wanted" }));
  send({ kind: "started" });
  await initializeBindings();
  const loaded = await loadProgram(program as ProgramName);
  const started = performance.now();
  const key = await loaded.compile(Cache.FileSystem(keyCache!));
  const compileMs = performance.now() - started;
  if ((task as WorkerTask) === "prove") {
    const pinned = readKey(program as ProgramName).hash;
    if (pinned !== key.hash)
      return send({ kind: "mismatch", program: program as ProgramName, pinned, compiled: key.hash });
    process.on("message", (request: WorkerRequest) => void serve(loaded, request));
  }
  send({ kind: "ready", compileMs, key });
}

async function serve(program: ProvingProgram, { branch, input }: WorkerRequest): Promise<void> {
  const started = performance.now();
  try {
    const result = await program.branches[branch]!(input as never);
    send({ kind: "done", result, proveMs: performance.now() - started, peakMb: peakMb() });
  } catch (error) {
    send({ kind: "refused", assertion: assertionOf(error) });
  }
}

/** o1js adds stack traces of its own to messages; the first line is the assertion's text. */
function assertionOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  // Pickles' own name for it, which says little to who does not know its sources.
  if (text.includes("prevs_verified"))
    return "a proof that it takes is not of the pinned program, or not of that statement";
  return text.trim().split("\n")[0]!.slice(0, 300);
}

function peakMb(): number {
  return Math.round(process.resourceUsage().maxRSS / 1024);
}

function send(message: WorkerMessage): void {
  process.send?.(message);
}

await main(process.argv.slice(2));

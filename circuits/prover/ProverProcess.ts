import { type ChildProcess, fork } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { ProgramName } from "../keys/index.ts";
import type { WorkerMessage, WorkerRequest, WorkerTask } from "./messages.ts";

export interface ProcessOptions {
  readonly program: ProgramName;
  readonly task: WorkerTask;
  /** Where o1js keeps its keys. */
  readonly keyCache: string;
  /** Whose slot is taken: one process at a time for each such directory. */
  readonly slotDirectory: string;
  readonly memoryLimitMb: number;
  /** The script to run; ours unless a test brings its own. */
  readonly script?: string;
}

/** How a process ended before it answered. */
export type ProcessFault = "memory" | "time" | Readonly<{ exit: string }>;

/** A process was lost, with the reason; `ChildProver` says which job that was. */
export class ProcessLost extends Error {
  readonly fault: ProcessFault;

  constructor(fault: ProcessFault) {
    super(typeof fault === "string" ? fault : fault.exit);
    this.fault = fault;
  }
}

/** How often the resident set is looked at. */
const MEMORY_CHECK_MS = 500;

/**
 * One proving process: started with its program, ready once its keys are loaded, then one request at a time.
 * Killed past a limit, and by `kill` at any moment.
 */
export class ProverProcess {
  readonly options: ProcessOptions;
  readonly #child: ChildProcess;
  readonly #ended: Promise<string>;
  /** Messages that nobody has asked for yet, or who asked for some that have not come. */
  readonly #unread: WorkerMessage[] = [];
  readonly #readers: ((message: WorkerMessage) => void)[] = [];
  #lost: ProcessFault | undefined;
  #wantedAt: number | undefined;
  #onWanted: () => void = () => {};

  constructor(options: ProcessOptions) {
    this.options = options;
    const script = options.script ?? fileURLToPath(new URL("./worker.ts", import.meta.url));
    const { program, task, keyCache, slotDirectory } = options;
    this.#child = fork(script, [program, task, keyCache, slotDirectory], {
      // Nothing of ours: a role's environment may hold secrets.
      env: { O1JS_BACKEND: "native" },
      // Nor our own flags: a debugger's port or a test runner's options are not the worker's. Its own one: circuits are
      // built of many short-lived objects, and a wide nursery (MB) takes a fifth off loading keys.
      execArgv: ["--max-semi-space-size=256"],
      // Structured clone: jobs hold bigint, which JSON does not know.
      serialization: "advanced",
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    this.#ended = new Promise((resolve) => {
      this.#child.once("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
      this.#child.once("error", (error) => resolve(error.message));
    });
    this.#child.on("message", (message: WorkerMessage) => this.#receive(message));
    const watch = setInterval(() => void this.#checkMemory(), MEMORY_CHECK_MS);
    void this.#ended.then(() => clearInterval(watch));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** For how long another process has been waiting for the slot, in milliseconds; undefined: nobody waits. */
  get wantedMs(): number | undefined {
    return this.#wantedAt === undefined ? undefined : performance.now() - this.#wantedAt;
  }

  set onWanted(listener: () => void) {
    this.#onWanted = listener;
  }

  /**
   * Waits for the slot, then for the keys.
   * @param limitMs for the keys alone
   * @throws {ProcessLost}
   */
  async ready(limitMs: number): Promise<WorkerMessage> {
    const started = await this.#next();
    if (started.kind !== "started") return started;
    return this.#within(limitMs, this.#next());
  }

  /** @throws {ProcessLost} */
  async ask(request: WorkerRequest, limitMs: number): Promise<WorkerMessage> {
    const answer = this.#next();
    this.#child.send(request);
    return this.#within(limitMs, answer);
  }

  /** Ends the process and waits until the system has it back. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
  }

  #receive(message: WorkerMessage): void {
    if (message.kind === "wanted") {
      this.#wantedAt ??= performance.now();
      this.#onWanted();
      return;
    }
    const reader = this.#readers.shift();
    if (reader) reader(message);
    else this.#unread.push(message);
  }

  async #next(): Promise<WorkerMessage> {
    const unread = this.#unread.shift();
    if (unread) return unread;
    const message = new Promise<WorkerMessage>((resolve) => this.#readers.push(resolve));
    const end = this.#ended.then((exit): never => {
      throw new ProcessLost(this.#lost ?? { exit });
    });
    return Promise.race([message, end]);
  }

  async #within(limitMs: number, answer: Promise<WorkerMessage>): Promise<WorkerMessage> {
    const timer = setTimeout(() => this.#lose("time"), limitMs);
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
    }
  }

  async #checkMemory(): Promise<void> {
    const limit = this.options.memoryLimitMb;
    const residentMb = await residentMbOf(this.#child.pid);
    if (residentMb > limit) this.#lose("memory");
  }

  #lose(fault: ProcessFault): void {
    this.#lost ??= fault;
    this.#child.kill("SIGKILL");
  }
}

/** Linux only; elsewhere the limit is not enforced. */
async function residentMbOf(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
}

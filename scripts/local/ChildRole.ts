import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, readFileSync, type WriteStream } from "node:fs";
import { fileURLToPath } from "node:url";

/** A process of the local network could not do its part. */
export class LocalNetworkError extends Error {
  override readonly name = "LocalNetworkError";
}

export interface ChildRoleOptions {
  /** For messages and for the log file. */
  readonly name: string;
  /** Arguments of Node itself, script first. */
  readonly args: readonly string[];
  /** Its output goes here, behind what is there already. */
  readonly logFile: string;
  readonly environment?: Readonly<Record<string, string>>;
}

const root = fileURLToPath(new URL("../../", import.meta.url));
/** From SIGTERM to SIGKILL. */
const STOP_MS = 30_000;

/** A role running as a process of its own, as an operator would run it. */
export class ChildRole {
  readonly name: string;
  readonly #options: ChildRoleOptions;
  #child: ChildProcess | undefined;
  #log: WriteStream | undefined;
  #exited: Promise<unknown> = Promise.resolve();

  constructor(options: ChildRoleOptions) {
    this.name = options.name;
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get running(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  start(): void {
    const { args, environment, logFile } = this.#options;
    this.#log = createWriteStream(logFile, { flags: "a" });
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true, // Ctrl-C on the terminal is ours to pass on, in order
    });
    this.#child = child;
    child.stdout!.pipe(this.#log, { end: false });
    child.stderr!.pipe(this.#log, { end: false });
    this.#exited = once(child, "exit");
    this.#exited.catch(() => {});
  }

  /**
   * Waits until `check` says yes.
   * @throws {LocalNetworkError} when the process ends before, or after `limitMs`
   */
  async waitUntil(check: () => Promise<boolean>, limitMs: number): Promise<void> {
    const deadline = Date.now() + limitMs;
    while (!(await check().catch(() => false))) {
      if (!this.running) throw new LocalNetworkError(`${this.name} ended; see ${this.#options.logFile}`);
      if (Date.now() > deadline) {
        throw new LocalNetworkError(
          `${this.name} is not ready after ${limitMs / 1000} s; see ${this.#options.logFile}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Ready as its own `/readyz` says. */
  async waitUntilReady(url: string, limitMs = 60_000): Promise<void> {
    await this.waitUntil(
      async () => (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) })).ok,
      limitMs,
    );
  }

  /** Largest resident set so far, in MB; undefined where the system does not tell, or once it has ended. */
  get peakMb(): number | undefined {
    try {
      const [, kilobytes] =
        /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.pid}/status`, "utf8")) ?? [];
      return kilobytes === undefined ? undefined : Math.round(Number(kilobytes) / 1024);
    } catch {
      return undefined;
    }
  }

  /** Lets it drain; a process that does not end is killed. May be called twice. */
  async stop(): Promise<void> {
    if (!this.running) return;
    this.#signal("SIGTERM");
    const timer = setTimeout(() => this.#signal("SIGKILL"), STOP_MS);
    await this.#exited;
    clearTimeout(timer);
    this.#log?.end();
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    if (!this.running) return;
    this.#signal("SIGKILL");
    await this.#exited;
    this.#log?.end();
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child!;
    try {
      // The group: a role's own children (a prover) end with it.
      if (pid !== undefined) process.kill(signal === "SIGKILL" ? -pid : pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  }
}

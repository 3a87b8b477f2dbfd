import { spawn } from "node:child_process";
import { existsSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { requestJson } from "../../service/index.ts";
import { ChainError } from "./ChainError.ts";
import type { NodePorts } from "./nodeSettings.ts";

export interface ChainNodeOptions {
  readonly number: number;
  readonly binary: string;
  readonly home: string;
  readonly ports: NodePorts;
}

/** Longer than a node needs to end by itself when the machine is busy. */
const STOP_MS = 30_000;
const LOOK_MS = 100;

/** One node of the local chain, known by its process id, so that any process of ours can stop it. */
export class ChainNode {
  readonly number: number;
  readonly home: string;
  readonly ports: NodePorts;
  readonly #binary: string;

  constructor({ number, binary, home, ports }: ChainNodeOptions) {
    this.number = number;
    this.home = home;
    this.ports = ports;
    this.#binary = binary;
  }

  get url(): string {
    return `http://127.0.0.1:${this.ports.jsonRpc}`;
  }
  get logFile(): string {
    return `${this.home}.log`;
  }
  get #pidFile(): string {
    return `${this.home}.pid`;
  }

  /** Undefined when it does not run: also when its process id has gone to another program meanwhile. */
  get pid(): number | undefined {
    if (!existsSync(this.#pidFile)) return undefined;
    const pid = Number(readFileSync(this.#pidFile, "utf8"));
    return Number.isSafeInteger(pid) && pid > 1 && commandOf(pid).includes(this.home) ? pid : undefined;
  }

  /** Does nothing when it runs. It outlives this process where `detached`. @param environment on top of ours */
  start({
    detached,
    environment = {},
  }: {
    readonly detached: boolean;
    readonly environment?: Readonly<Record<string, string>>;
  }): void {
    if (this.pid !== undefined) return;
    const log = openSync(this.logFile, "a", 0o600);
    const child = spawn(this.#binary, ["start", "--home", this.home, "--log_no_color"], {
      stdio: ["ignore", log, log],
      env: { ...process.env, ...environment },
      detached,
    });
    child.once("error", () => rmSync(this.#pidFile, { force: true })); // it is missed when nothing answers
    writeFileSync(this.#pidFile, String(child.pid), { mode: 0o600 });
    child.unref();
  }

  /** @throws {ChainError} `CHAIN_PORT_TAKEN` when it does not run and something else listens in its place */
  async checkPorts(): Promise<void> {
    if (this.pid !== undefined) return;
    const { metrics: _, grpc: __, ...served } = this.ports;
    for (const port of Object.values(served))
      if (!(await isFree(port))) throw new ChainError("CHAIN_PORT_TAKEN", { node: this.number, port });
  }

  /** Height of its last block. @throws {RemoteError} when it does not answer */
  async height(): Promise<number> {
    const question = { jsonrpc: "2.0", id: 1, method: "eth_blockNumber", params: [] };
    const { result } = (await requestJson({ url: this.url, json: question })) as { result: string };
    return Number(result);
  }

  /** Waits for a block of at least this height. @throws {ChainError} `CHAIN_NOT_READY` when it ends before, or after the limit */
  async waitForHeight(height: number, limitMs: number): Promise<void> {
    for (const deadline = Date.now() + limitMs; ; await pause()) {
      if ((await this.height().catch(() => -1)) >= height) return;
      if (this.pid === undefined || Date.now() > deadline)
        throw new ChainError("CHAIN_NOT_READY", { node: this.number, log: this.logFile });
    }
  }

  /** Lets it write down what it has; one that does not end is killed. */
  async stop(): Promise<void> {
    await this.#end("SIGTERM");
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const { pid } = this;
    const deadline = Date.now() + STOP_MS;
    if (pid !== undefined) send(pid, signal);
    while (this.pid !== undefined) {
      if (Date.now() > deadline) send(pid!, "SIGKILL");
      await pause();
    }
    rmSync(this.#pidFile, { force: true });
  }
}

/** Whether somebody could listen there, on loopback. */
function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** Empty for a process that is no more, or is only waited for. */
function commandOf(pid: number): string {
  try {
    return readFileSync(join("/proc", String(pid), "cmdline"), "utf8");
  } catch {
    return "";
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, LOOK_MS));
}

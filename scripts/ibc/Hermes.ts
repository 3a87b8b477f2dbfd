import { type ChildProcess, spawn } from "node:child_process";
import { openSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ChainNetwork } from "../chain/ChainNetwork.ts";
import { runProgram } from "../chain/runProgram.ts";
import { hermesConfig } from "./hermesConfig.ts";
import { IbcError } from "./IbcError.ts";

export interface HermesOptions {
  /** The program, by path or name. */
  readonly program: string;
  /** Where its configuration, keys and log are written. */
  readonly directory: string;
  readonly chains: readonly [ChainNetwork, ChainNetwork];
  /** Whose account pays for relaying, on both chains. */
  readonly mnemonic: string;
  readonly path: string;
}

/** Both chains are made anew, so the first channel of each is this one. */
export const CHANNEL = "channel-0";
const PORT = "transfer";

/** The relayer between two chains, a program that is not ours: https://hermes.informal.systems */
export class Hermes {
  readonly #options: HermesOptions;
  readonly #config: string;
  #child: ChildProcess | undefined;

  constructor(options: HermesOptions) {
    this.#options = options;
    this.#config = join(options.directory, "hermes.toml");
  }

  /** Writes configuration and keys. @throws {IbcError} `IBC_HERMES_MISSING`, `IBC_HERMES_FAILED` */
  async prepare(): Promise<void> {
    const { directory, chains, mnemonic, path } = this.#options;
    const keys = join(directory, "hermes-keys");
    await writeFile(this.#config, hermesConfig(chains, keys), { mode: 0o600 });
    const phrase = join(directory, "relayer.mnemonic");
    await writeFile(phrase, mnemonic, { mode: 0o600 }); // without a line's end, which it would take for a word
    for (const { chainId } of chains)
      await this.#run("keys", "add", "--chain", chainId, "--mnemonic-file", phrase, "--hd-path", path);
  }

  /** Makes clients, a connection and a channel for transfers. */
  async connect(): Promise<void> {
    const [a, b] = this.#options.chains;
    const ends = ["--a-chain", a.chainId, "--b-chain", b.chainId, "--a-port", PORT, "--b-port", PORT];
    await this.#run("create", "channel", ...ends, "--new-client-connection", "--yes");
  }

  /** Relays from now on. */
  start(): void {
    const log = openSync(join(this.#options.directory, "hermes.log"), "a", 0o600);
    this.#child = spawn(this.#options.program, ["--config", this.#config, "start"], {
      stdio: ["ignore", log, log],
    });
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), 10_000);
    await ended;
    clearTimeout(late);
  }

  async #run(...args: readonly string[]): Promise<string> {
    const { program } = this.#options;
    try {
      const { code, out, err } = await runProgram(program, ["--config", this.#config, ...args]);
      if (code === 0) return out;
      const output = `${out}\n${err}`.slice(-2_000);
      throw new IbcError("IBC_HERMES_FAILED", { command: args.slice(0, 2).join(" "), output });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT")
        throw new IbcError("IBC_HERMES_MISSING", { program });
      throw error;
    }
  }
}

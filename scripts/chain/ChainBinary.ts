import { ChainError } from "./ChainError.ts";
import { runProgram } from "./runProgram.ts";

/** The node's own command line, for one home. */
export class ChainBinary {
  readonly path: string;
  readonly home: string;

  constructor(path: string, home: string) {
    this.path = path;
    this.home = home;
  }

  /** Runs one command. @returns what it printed @throws {ChainError} `CHAIN_COMMAND_FAILED` */
  async run(...args: readonly string[]): Promise<string> {
    const { code, out, err } = await runProgram(this.path, [...args, "--home", this.home]);
    if (code === 0) return out;
    throw new ChainError("CHAIN_COMMAND_FAILED", { command: args.join(" "), output: err.slice(-2_000) });
  }
}

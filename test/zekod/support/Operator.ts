import { ChainBinary } from "../../../scripts/chain/ChainBinary.ts";
import { type ProgramResult, runProgram } from "../../../scripts/chain/runProgram.ts";
import { until } from "./until.ts";

/** What validators' operators pay for gas, above the floor. */
const FEE = ["--gas", "400000", "--gas-prices", "1000000000azeko"] as const;
const KEYRING = ["--keyring-backend", "test"] as const;

export interface ValidatorRecord {
  readonly operator_address: string;
  readonly description: { readonly moniker: string };
  readonly jailed?: boolean;
  readonly status: string;
  readonly tokens: string;
}

export interface OperatorOptions {
  readonly binary: string;
  /** Holds the key named `operator`, and nothing of the node's. */
  readonly home: string;
  readonly chainId: string;
  /** Of CometBFT's RPC, on loopback. */
  readonly port: number;
}

/** A validator's operator at the node's own command line. */
export class Operator {
  readonly #opts: OperatorOptions;
  readonly #zekod: ChainBinary;

  constructor(opts: OperatorOptions) {
    this.#opts = opts;
    this.#zekod = new ChainBinary(opts.binary, opts.home);
  }

  /** Makes the key. @returns its address */
  async makeKey(): Promise<string> {
    const made = await this.#zekod.run("keys", "add", "operator", ...KEYRING, "--output", "json");
    return (JSON.parse(made) as { address: string }).address;
  }

  /** As `tx …`, up to the block that has it. @returns empty, or why it was refused or failed */
  async tx(...args: readonly string[]): Promise<string> {
    const { code, out, err } = await this.offer(...args);
    if (code !== 0) return err;
    const answer = JSON.parse(out) as { code: number; raw_log: string; txhash: string };
    if (answer.code !== 0) return answer.raw_log || `code ${answer.code}`;
    const { tx_result: result } = await until(() => this.#found(answer.txhash));
    return result.code === 0 ? "" : result.log || `code ${result.code}`;
  }

  /** As `tx …`, up to the node's first answer. */
  async offer(...args: readonly string[]): Promise<ProgramResult> {
    const { binary, home, chainId } = this.#opts;
    const from = ["--from", "operator", ...KEYRING, "--chain-id", chainId, "--node", this.#node] as const;
    return await runProgram(binary, ["tx", ...args, ...from, ...FEE, "-y", "-o", "json", "--home", home]);
  }

  /** Every validator, by what it is called. */
  async validators(): Promise<Map<string, ValidatorRecord>> {
    const answer = await this.query<{ validators: ValidatorRecord[] }>("staking", "validators");
    return new Map(answer.validators.map((validator) => [validator.description.moniker, validator]));
  }

  async query<T>(...args: readonly string[]): Promise<T> {
    return JSON.parse(await this.#zekod.run("query", ...args, "--node", this.#node, "-o", "json")) as T;
  }

  get #node(): string {
    return `tcp://127.0.0.1:${this.#opts.port}`;
  }

  async #found(hash: string): Promise<{ tx_result: { code: number; log: string } } | undefined> {
    const answer = await fetch(`http://127.0.0.1:${this.#opts.port}/tx?hash=0x${hash}`);
    return ((await answer.json()) as { result?: { tx_result: { code: number; log: string } } }).result;
  }
}

import type { Clock } from "../../service/index.ts";
import type { JsonRpc } from "./JsonRpc.ts";
import { quantity, record } from "./readAnswer.ts";

/** What a transaction offers for its gas. */
export interface Fees {
  readonly tip: bigint;
  /** Most that it pays, tip included. */
  readonly cap: bigint;
}

/** What a tip is where the chain asks for none: one gwei. */
const TIP = 1_000_000_000n;
/** A look at the latest block costs a node of CometBFT as much as a chunk; within two blocks the base fee rises by a quarter. */
const FRESH_MS = 2_000;

/** What gas costs now. */
export class FeeSource {
  readonly #rpc: JsonRpc;
  readonly #clock: Clock;
  #known: { readonly at: number; readonly base: Promise<bigint> } | undefined;

  constructor({ rpc, clock }: { readonly rpc: JsonRpc; readonly clock: Clock }) {
    this.#rpc = rpc;
    this.#clock = clock;
  }

  /** Forgets what it knows: the node finds it too little. */
  forget(): void {
    this.#known = undefined;
  }

  /** Enough for six full blocks in a row. @throws {DaError} those of `JsonRpc` */
  async offer(): Promise<Fees> {
    return { tip: TIP, cap: 2n * (await this.#baseFee()) + TIP };
  }

  /** More than `before` by what pools ask of a replacement, when the base fee has risen above it; undefined otherwise. */
  async raised(before: Fees): Promise<Fees | undefined> {
    const base = await this.#baseFee();
    if (base + TIP <= before.cap) return undefined;
    const tip = (before.tip * 5n) / 4n;
    return { tip, cap: 2n * base + tip };
  }

  async #baseFee(): Promise<bigint> {
    const now = this.#clock.elapsed();
    const before = this.#known;
    if (before && now - before.at < FRESH_MS) return await before.base;
    const known = { at: now, base: this.#ask() };
    this.#known = known;
    return await known.base.catch(async (error) => {
      if (this.#known === known) this.#known = undefined;
      if (!before) throw error;
      return await before.base; // is still above what six blocks can make of it, or the node says so
    });
  }

  /** Of the block before the latest: of that one itself, a node of CometBFT may have no index yet, and answer nothing. */
  async #ask(): Promise<bigint> {
    const head = quantity(await this.#rpc.ask("eth_blockNumber"), "block number");
    const number = `0x${(head > 1n ? head - 1n : head).toString(16)}`;
    const block = record(await this.#rpc.ask("eth_getBlockByNumber", [number, false]), "block");
    return block.baseFeePerGas === undefined ? 0n : quantity(block.baseFeePerGas, "base fee");
  }
}

import type { Clock } from "../../service/index.ts";
import type { Hex } from "../DaTypes.ts";
import { DaError } from "../errors/DaError.ts";
import type { JsonRpc } from "./JsonRpc.ts";
import { quantity } from "./readAnswer.ts";

export interface MinedCountOptions {
  readonly account: Hex;
  /** Least pause between two questions, in milliseconds. */
  readonly pollMs: number;
}

/**
 * How many transactions of an account are mined. All who wait for one share one question: a node of CometBFT holds back the
 * answer about an unknown receipt, and one that is asked for each of sixty has no time left for blocks.
 */
export class MinedCount {
  readonly #opts: MinedCountOptions;
  readonly #rpc: JsonRpc;
  readonly #clock: Clock;
  #look: Promise<number> | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #last = 0;

  constructor(opts: MinedCountOptions, { rpc, clock }: { readonly rpc: JsonRpc; readonly clock: Clock }) {
    this.#opts = opts;
    this.#rpc = rpc;
    this.#clock = clock;
  }

  /** At the next look. A node that gives no answer changes nothing: what was sent may be mined all the same. */
  async next(): Promise<number> {
    this.#look ??= this.#ask().finally(() => {
      this.#look = undefined;
    });
    return await this.#look;
  }

  async #ask(): Promise<number> {
    const sinceMs = this.#clock.elapsed() - this.#lookedAt;
    if (sinceMs < this.#opts.pollMs) await this.#clock.sleep(this.#opts.pollMs - sinceMs);
    this.#lookedAt = this.#clock.elapsed();
    const params = [this.#opts.account, "latest"];
    const answer = await this.#rpc.ask("eth_getTransactionCount", params).catch(ignoreLostAnswer);
    if (answer !== undefined) this.#last = Number(quantity(answer, "nonce"));
    return this.#last;
  }
}

/** Undefined where asking again may help. */
export function ignoreLostAnswer(error: unknown): undefined {
  if (error instanceof DaError && error.remedy === "retry") return undefined;
  throw error;
}

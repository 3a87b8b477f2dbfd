import type { DaFees, RollupId } from "../../da/index.ts";
import type { Logger } from "../../service/index.ts";
import { SequencerError } from "../errors/SequencerError.ts";

export interface FeeFloatOptions {
  readonly rollup: RollupId;
  /** Most that is prepaid and not used, in the DA chain's smallest unit; 0: somebody else prepays. */
  readonly float: bigint;
}

export interface FeeFloatModules {
  readonly fees: () => Promise<Pick<DaFees, "terms" | "balanceOf" | "prepay">>;
  readonly log: Pick<Logger, "info">;
  /** Told of every attempt to prepay. */
  readonly onPrepay: (outcome: "made" | "failed") => void;
}

/**
 * Sees to it that the rollup's balance covers each batch that is opened. A balance that does not is filled up to the float,
 * never above: more would lie with a contract for nothing.
 */
export class FeeFloat {
  readonly #options: FeeFloatOptions;
  readonly #modules: FeeFloatModules;
  #turn: Promise<unknown> = Promise.resolve();
  #balance: bigint | undefined;

  constructor(options: FeeFloatOptions, modules: FeeFloatModules) {
    this.#options = options;
    this.#modules = modules;
  }

  /** What was prepaid and not used, when we last looked. */
  get balance(): bigint | undefined {
    return this.#balance;
  }

  /**
   * Opens a batch once its fee is there. One after the other: two that look at the same balance would both find it enough.
   * @throws {SequencerError} `SEQUENCER_FEE_ABOVE_FLOAT`; {DaError}, `DA_FUNDS` when the poster's account is empty
   */
  async cover(decodedLength: bigint, open: () => Promise<void>): Promise<void> {
    const opened = this.#turn.then(async () => {
      const fees = await this.#modules.fees();
      const needed = (await fees.terms()).price * decodedLength;
      if (needed > 0n) await this.#fill(fees, needed);
      await open();
      if (needed > 0n) this.#balance = await fees.balanceOf(this.#options.rollup);
    });
    this.#turn = opened.catch(() => undefined); // the caller sees it; the next one's turn comes all the same
    await opened;
  }

  async #fill(fees: Pick<DaFees, "balanceOf" | "prepay">, needed: bigint): Promise<void> {
    const { rollup, float } = this.#options;
    const { log, onPrepay } = this.#modules;
    const balance = await fees.balanceOf(rollup);
    this.#balance = balance;
    if (balance >= needed) return;
    try {
      if (needed > float) throw new SequencerError("SEQUENCER_FEE_ABOVE_FLOAT", { needed, balance, float });
      await fees.prepay(rollup, float - balance);
    } catch (error) {
      onPrepay("failed");
      throw error;
    }
    onPrepay("made");
    this.#balance = float;
    log.info("prepaid", { amount: float - balance, balance: float });
  }
}

import type { DaReader } from "../da/index.ts";
import { type CheckedSet, checkedSet } from "../gossip/index.ts";
import type { Genesis } from "../protocol/index.ts";

/** The validator set in force, as our DA node has it, checked once an epoch. */
export class SetOfEpoch {
  readonly #genesis: Genesis;
  readonly #da: Pick<DaReader, "currentEpoch" | "validatorSet">;
  #known: CheckedSet | undefined;

  constructor(genesis: Genesis, da: Pick<DaReader, "currentEpoch" | "validatorSet">) {
    this.#genesis = genesis;
    this.#da = da;
  }

  /** The last one that was read, without asking. */
  get known(): CheckedSet | undefined {
    return this.#known;
  }

  /** @throws {DaError}; {GossipError} `SET_MISMATCH` */
  async current(): Promise<CheckedSet> {
    const epoch = await this.#da.currentEpoch();
    if (this.#known?.set.epoch !== epoch)
      this.#known = await checkedSet(this.#da, epoch, this.#genesis.validators);
    return this.#known;
  }
}

import type { DaReader } from "../da/index.ts";
import { type CheckedSet, checkedSet } from "../gossip/index.ts";
import type { Genesis } from "../protocol/index.ts";
import type { Clock } from "../service/index.ts";

export interface SetOfEpochModules {
  readonly da: Pick<DaReader, "currentEpoch" | "validatorSet">;
  readonly clock: Clock;
}

/** Least time between two looks on behalf of others, in milliseconds: whoever asks costs our node no more than this. */
const LOOK_MS = 1_000;

/** The validator set in force, as our DA node has it, checked once an epoch. */
export class SetOfEpoch {
  readonly #genesis: Genesis;
  readonly #modules: SetOfEpochModules;
  #known: CheckedSet | undefined;
  #lookedMs = Number.NEGATIVE_INFINITY;

  constructor(genesis: Genesis, modules: SetOfEpochModules) {
    this.#genesis = genesis;
    this.#modules = modules;
  }

  /** The last one that was read, without asking. */
  get known(): CheckedSet | undefined {
    return this.#known;
  }

  /** @throws {DaError}; {GossipError} `SET_MISMATCH` */
  async current(): Promise<CheckedSet> {
    const { da } = this.#modules;
    const epoch = await da.currentEpoch();
    if (this.#known?.set.epoch !== epoch) this.#known = await checkedSet(da, epoch, this.#genesis.validators);
    return this.#known;
  }

  /** As {@link current}, for whom anybody may make ask: our node is asked once a second at most. @throws as {@link current} */
  async recent(): Promise<CheckedSet | undefined> {
    const now = this.#modules.clock.elapsed();
    if (now - this.#lookedMs < LOOK_MS) return this.#known;
    this.#lookedMs = now;
    return await this.current();
  }
}

import type { Replica } from "../ledger/index.ts";
import { type Clock, faultOf, type Logger, RepeatingService } from "../service/index.ts";
import type { L1Finality } from "./L1Finality.ts";
import type { SignerStore } from "./SignerStore.ts";

/** Pause between two looks at L1, in milliseconds: finality is a matter of many blocks. */
const LOOK_MS = 15_000;

type Modules = {
  readonly replica: Pick<Replica, "has" | "finalize">;
  readonly finality: Pick<L1Finality, "look">;
  readonly store: Pick<SignerStore, "certifiedSources">;
  readonly clock: Clock;
  readonly log: Logger;
};

/** Lets go of states that L1 has made history, rivals of what it accepted above all. */
export class FinalityLoop extends RepeatingService {
  readonly #modules: Modules;

  constructor(modules: Modules) {
    super(modules.clock, LOOK_MS);
    this.#modules = modules;
  }

  protected async work(): Promise<void> {
    const { replica, finality, log } = this.#modules;
    try {
      const final = await finality.look();
      const held = final === undefined ? undefined : await this.#newestHeld(final);
      if (held !== undefined) await replica.finalize(held);
    } catch (error) {
      log.warn("L1 not read", faultOf(error));
    }
  }

  /**
   * The final state; or, while we catch up, the newest of those held that quorums say it came from: else the states on the
   * way to it would fill all room before it is reached.
   */
  async #newestHeld(final: bigint): Promise<bigint | undefined> {
    const { replica, store } = this.#modules;
    if (replica.has(final)) return final;
    const sources = await store.certifiedSources();
    let state: bigint | undefined = final;
    // Batch numbers fall on the way back; the bound is for a store that says otherwise.
    for (let steps = 0; state !== undefined && steps <= sources.size; steps++) {
      if (replica.has(state)) return state;
      state = sources.get(state);
    }
    return undefined;
  }
}

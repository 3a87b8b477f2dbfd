import type { Replica } from "../ledger/index.ts";
import { type Clock, faultOf, type Logger, type Service } from "../service/index.ts";
import type { L1Finality } from "./L1Finality.ts";

/** Pause between two looks at L1, in milliseconds: finality is a matter of many blocks. */
const LOOK_MS = 15_000;

type Modules = {
  readonly replica: Pick<Replica, "has" | "finalize">;
  readonly finality: Pick<L1Finality, "look">;
  readonly clock: Clock;
  readonly log: Logger;
};

/** Lets go of states that L1 has made history, rivals of what it accepted above all. */
export class FinalityLoop implements Service {
  readonly #modules: Modules;
  readonly #stopped = new AbortController();
  #loop: Promise<void> = Promise.resolve();

  constructor(modules: Modules) {
    this.#modules = modules;
  }

  async start(): Promise<void> {
    this.#loop = this.#modules.clock.every(LOOK_MS, this.#stopped.signal, () => this.#look());
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#loop;
  }

  async #look(): Promise<void> {
    const { replica, finality, log } = this.#modules;
    try {
      const state = await finality.look();
      // Not held yet while we catch up.
      if (state !== undefined && replica.has(state)) await replica.finalize(state);
    } catch (error) {
      log.warn("L1 not read", faultOf(error));
    }
  }
}

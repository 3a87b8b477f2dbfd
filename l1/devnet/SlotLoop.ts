import { type Clock, faultOf, type Logger, type Service } from "../../service/index.ts";
import type { Devnet } from "./Devnet.ts";

/** Makes blocks as slots begin. */
export class SlotLoop implements Service {
  readonly #devnet: Devnet;
  readonly #modules: { readonly clock: Clock; readonly log: Logger };
  readonly #stopped = new AbortController();
  #loop = Promise.resolve();
  /** Why no more blocks are made; null while all is well. */
  fault: string | null = null;

  constructor(devnet: Devnet, modules: { readonly clock: Clock; readonly log: Logger }) {
    this.#devnet = devnet;
    this.#modules = modules;
  }

  async start(): Promise<void> {
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { clock, log } = this.#modules;
    const { signal } = this.#stopped;
    while (!signal.aborted && this.fault === null) {
      await clock.sleep(this.#devnet.slots.msToNextSlot(), signal);
      if (signal.aborted) return;
      try {
        await this.#devnet.tick();
      } catch (error) {
        // The ledger has moved and the store has not: going on would make blocks that no restart can replay.
        this.fault = "a block could not be stored";
        log.error("no more blocks", faultOf(error));
      }
    }
  }
}

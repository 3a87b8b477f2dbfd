import type { Clock, Service } from "../service/index.ts";
import type { DaReader } from "./DaClient.ts";

export interface ClockCheckModules {
  readonly da: Pick<DaReader, "head">;
  readonly clock: Clock;
  /** Our clock less the time of the chain's last block, in seconds. */
  readonly onOffset: (seconds: number) => void;
}

/** Pause between two looks, in milliseconds; a block costs a node as much as a chunk. */
const LOOK_MS = 5_000;

/**
 * Compares a role's clock with the chain's, whose time is the median of what its validators vote: for the alarm alone. Nothing
 * that a role decides about batches hangs on either.
 */
export class ClockCheck implements Service {
  readonly #modules: ClockCheckModules;
  readonly #stopped = new AbortController();

  constructor(modules: ClockCheckModules) {
    this.#modules = modules;
  }

  async start(): Promise<void> {
    const { clock } = this.#modules;
    void clock.every(LOOK_MS, this.#stopped.signal, () => this.#look());
  }

  /** Does not wait for the node, whose answer does not matter any more. */
  async stop(): Promise<void> {
    this.#stopped.abort();
  }

  async #look(): Promise<void> {
    const { da, clock, onOffset } = this.#modules;
    const head = await da.head().catch(() => undefined); // others say that the node does not answer
    if (head && !this.#stopped.signal.aborted) onOffset(clock.now() / 1_000 - head.timestamp);
  }
}

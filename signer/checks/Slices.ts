import { setImmediate as turn } from "node:timers/promises";

/** Work in one go between two looks at the network, in milliseconds. */
const SLICE_MS = 25;

/** Cuts long work into slices, so that peers are answered meanwhile. */
export class Slices {
  readonly #now: () => number;
  #end: number;

  /** @param now milliseconds, any origin */
  constructor(now: () => number) {
    this.#now = now;
    this.#end = now() + SLICE_MS;
  }

  get isOver(): boolean {
    return this.#now() >= this.#end;
  }

  /** Lets everybody else have their turn; then the next slice begins. */
  async giveWay(): Promise<void> {
    await turn();
    this.#end = this.#now() + SLICE_MS;
  }
}

import type { Clock } from "../../service/index.ts";

/** Something that costs us much and a stranger nothing: so often a second, a few more after a rest. */
export class Allowance {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #clock: Pick<Clock, "elapsed">;
  #left: number;
  #sinceMs: number;

  constructor(
    options: { readonly perSecond: number; readonly burst: number },
    clock: Pick<Clock, "elapsed">,
  ) {
    this.#perSecond = options.perSecond;
    this.#burst = options.burst;
    this.#clock = clock;
    this.#left = options.burst;
    this.#sinceMs = clock.elapsed();
  }

  /** Takes one. @returns false when there is none left */
  take(): boolean {
    const now = this.#clock.elapsed();
    this.#left = Math.min(this.#burst, this.#left + ((now - this.#sinceMs) / 1_000) * this.#perSecond);
    this.#sinceMs = now;
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}

import type { Clock } from "./clock/Clock.ts";
import type { Service } from "./Service.ts";

/** A service that does one thing now and again, the next time a period after the last one has ended. */
export abstract class RepeatingService implements Service {
  readonly #clock: Clock;
  readonly #periodMs: number;
  readonly #stopped = new AbortController();
  #loop: Promise<void> = Promise.resolve();

  constructor(clock: Clock, periodMs: number) {
    this.#clock = clock;
    this.#periodMs = periodMs;
  }

  async start(): Promise<void> {
    this.#loop = this.#clock.every(this.#periodMs, this.#stopped.signal, () => this.work());
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#loop;
  }

  /** Aborts when the service stops. */
  protected get signal(): AbortSignal {
    return this.#stopped.signal;
  }

  /** One time. Sees to its errors itself: there is nobody to throw them to. */
  protected abstract work(): Promise<void>;
}

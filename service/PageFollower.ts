import type { Clock } from "./clock/Clock.ts";
import { faultOf } from "./log/faultOf.ts";
import type { Logger } from "./log/Logger.ts";
import { backoffMs } from "./retry.ts";
import type { Service } from "./Service.ts";

export interface PageFollowerOptions<Page> {
  /** What is read, for the log and for whoever asks whether we are ready: "DA chain". */
  readonly what: string;
  /** Pages from the place that is written down; asked for anew after each failure. */
  readonly pages: (signal: AbortSignal) => Promise<AsyncIterable<Page>>;
  /** Writes down what a page says and the place behind it; the next page comes when it is done. */
  readonly take: (page: Page, signal: AbortSignal) => Promise<void>;
}

export interface PageFollowerModules {
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
}

/** Longest time without a page before the follower's owner is not ready, in milliseconds. */
const MAX_SILENCE_MS = 60_000;

/** Reads a source on and on from where it stopped, through failures of the source and of whoever takes its pages. */
export class PageFollower<Page> implements Service {
  readonly #options: PageFollowerOptions<Page>;
  readonly #modules: PageFollowerModules;
  readonly #stopped = new AbortController();
  #loop: Promise<void> = Promise.resolve();
  #seenMs: number | undefined;
  /** By `Clock.elapsed`. */
  #sinceMs: number | undefined;

  constructor(options: PageFollowerOptions<Page>, modules: PageFollowerModules) {
    this.#options = options;
    this.#modules = modules;
  }

  async start(): Promise<void> {
    this.#sinceMs = this.#modules.clock.elapsed();
    this.#loop = this.#follow();
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#loop;
  }

  /** When a page was last taken without a fault, milliseconds since 1970. */
  get seenMs(): number | undefined {
    return this.#seenMs;
  }

  /** Time since a page was last taken without a fault, since the start when none was; 0 before. In milliseconds. */
  get silentMs(): number {
    return this.#sinceMs === undefined ? 0 : this.#modules.clock.elapsed() - this.#sinceMs;
  }

  /** Why its owner is not ready; null when it is. */
  notReady(): string | null {
    const { what } = this.#options;
    if (this.#seenMs === undefined) return `the ${what} has not been read yet`;
    return this.silentMs > MAX_SILENCE_MS ? `the ${what} has not been read for a minute` : null;
  }

  async #follow(): Promise<void> {
    const { clock, random, log } = this.#modules;
    const { signal } = this.#stopped;
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        for await (const page of await this.#options.pages(signal)) {
          await this.#options.take(page, signal);
          attempt = 0;
          this.#seenMs = clock.now();
          this.#sinceMs = clock.elapsed();
        }
      } catch (error) {
        if (signal.aborted) return;
        const pauseMs = backoffMs(attempt, { baseMs: 500, maxMs: 15_000 }, random());
        log.warn(`${this.#options.what} not read`, { pauseMs, ...faultOf(error) });
        await clock.sleep(pauseMs, signal);
      }
    }
  }
}

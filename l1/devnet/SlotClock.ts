import type { Clock } from "../../service/index.ts";

/**
 * Slots of the local chain: they pass with the clock it is given, from the chain's genesis on, and can be moved forward by
 * hand. They never go back.
 */
export class SlotClock {
  readonly #clock: Clock;
  readonly #genesisMs: number;
  readonly durationMs: number;
  #offset: number;

  constructor(
    clock: Clock,
    genesis: { readonly timestampMs: number; readonly slotDurationMs: number },
    offset: number,
  ) {
    this.#clock = clock;
    this.#genesisMs = genesis.timestampMs;
    this.durationMs = genesis.slotDurationMs;
    this.#offset = offset;
  }

  now(): number {
    return this.#clock.now();
  }

  /** Slots by which the clock was moved on by hand. */
  get offset(): number {
    return this.#offset;
  }

  current(): number {
    return Math.max(0, Math.floor((this.#clock.now() - this.#genesisMs) / this.durationMs)) + this.#offset;
  }

  /** When slot 0 would have begun, had the clock never been moved by hand: what clients compute slots from. */
  get effectiveGenesisMs(): number {
    return this.#genesisMs - this.#offset * this.durationMs;
  }

  /** @param slots ≥ 0 */
  advance(slots: number): void {
    this.#offset += slots;
  }

  /** Until the next slot begins. */
  msToNextSlot(): number {
    const sinceGenesis = this.#clock.now() - this.#genesisMs;
    return this.durationMs - (((sinceGenesis % this.durationMs) + this.durationMs) % this.durationMs);
  }
}

/** A slot of L1, and a moment of our own clock in which it had been reached, milliseconds since 1970. */
export interface SlotMoment {
  readonly slot: bigint;
  readonly ms: number;
}

/**
 * How L1's slots are measured, as its node told when the database was new, and kept: a node that begins to lie later must not
 * win anything by another answer, nor by our starting again.
 */
export interface SlotClock {
  readonly seen: SlotMoment;
  readonly genesisTimestampMs: number;
  readonly slotDurationMs: number;
}

/**
 * Slots that L1 may be ahead of what our clock allows: a day on Mina. So much may L1 have stood still before, or our clock be
 * wrong, and so long may an L1 node that lies hold up settlement.
 */
const SLACK = 480n;

/**
 * Bounds what an L1 node says about time. A slot that it makes up would stand in an L2 block for good: no later block may have an
 * earlier one, and L1 takes no batch before its slot. So L2 never follows L1 further than our own clock has come since the slot
 * that we saw first, or since L1's genesis.
 */
export class SlotBound {
  readonly #terms: SlotClock;
  readonly #now: () => number;

  constructor(terms: SlotClock, now: () => number) {
    this.#terms = terms;
    this.#now = now;
  }

  /** @returns the slot, or the highest that can be true */
  atMost(slot: bigint): bigint {
    const bound = this.#highest();
    return slot < bound ? slot : bound;
  }

  /** How many slots one is ahead of the highest that can be true; 0 for one that can. */
  excess(slot: bigint): bigint {
    return slot - this.atMost(slot);
  }

  #highest(): bigint {
    const { seen, genesisTimestampMs } = this.#terms;
    const sinceKnown = seen.slot + this.#slotsSince(seen.ms);
    const sinceGenesis = this.#slotsSince(genesisTimestampMs);
    return (sinceKnown > sinceGenesis ? sinceKnown : sinceGenesis) + SLACK;
  }

  #slotsSince(ms: number): bigint {
    return BigInt(Math.max(0, Math.floor((this.#now() - ms) / Math.max(1, this.#terms.slotDurationMs))));
  }
}

import type { Clock } from "../service/index.ts";

/** Refused messages after which a peer is not listened to any more. */
const PATIENCE = 8;
/** How long an offence counts, in milliseconds. */
const MEMORY_MS = 60_000;
/** Peers remembered; the longest silent one is forgotten. */
const MAX_PEERS = 1_024;

/**
 * Who sent wrong messages lately. Gossipsub scores peers too, but lets up to 128 messages a second through before it
 * looks at a score, and each costs a signature's verification.
 */
export class Offences {
  readonly #clock: Clock;
  readonly #times = new Map<string, number[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  note(peer: string): void {
    const times = [...this.#recent(peer), this.#clock.elapsed()].slice(-PATIENCE);
    this.#times.delete(peer); // to the end of the order
    this.#times.set(peer, times);
    if (this.#times.size > MAX_PEERS) this.#times.delete(this.#times.keys().next().value!);
  }

  /** Whether this peer has used up our patience. */
  isIgnored(peer: string): boolean {
    return this.#recent(peer).length >= PATIENCE;
  }

  #recent(peer: string): number[] {
    const since = this.#clock.elapsed() - MEMORY_MS;
    return (this.#times.get(peer) ?? []).filter((time) => time > since);
  }
}

import { genesisSnapshot, type KeyValueStore, Replica } from "../ledger/index.ts";
import { type Genesis, stateHash } from "../protocol/index.ts";
import type { Clock } from "../service/index.ts";

export type StateCheckModules = {
  readonly genesis: Genesis;
  /** The replica's own store: what is on disk, not what is in memory. */
  readonly states: KeyValueStore;
  readonly maxPending: number;
  readonly clock: Clock;
};

/** What was found on disk of a state. */
export interface HeldState {
  readonly state: bigint;
  /** Number of the batch that led to it. */
  readonly number: bigint;
  readonly accounts: number;
}

type Found = ReadonlyMap<bigint, HeldState>;

/** Shortest time between two readings, in milliseconds. */
const PAUSE_MS = 30_000;
/** And as many times as long as the last one took: whoever asks costs a tenth of our time at most. */
const REST = 9;

/**
 * Reads the replica from disk again, all of it, hashes every account and compares every root: what a validator makes sure
 * of before it signs that it holds a state. One reading answers for all states, and for a while.
 */
export class StateCheck {
  readonly #modules: StateCheckModules;
  #running: Promise<Found> | undefined;
  #last: { readonly found: Found; readonly untilMs: number } | undefined;

  constructor(modules: StateCheckModules) {
    this.#modules = modules;
  }

  /**
   * @param state H(S) @returns undefined when the disk did not hold it at the last reading
   * @throws {LedgerError} `LEDGER_STORE_CORRUPT`, also when the replica moved on meanwhile: ask again
   */
  async check(state: bigint): Promise<HeldState | undefined> {
    const isFresh = this.#last !== undefined && this.#modules.clock.now() < this.#last.untilMs;
    if (isFresh && !this.#running) return this.#last!.found.get(state);
    this.#running ??= this.#read().finally(() => {
      this.#running = undefined;
    });
    return (await this.#running).get(state);
  }

  async #read(): Promise<Found> {
    const { genesis, states, maxPending, clock } = this.#modules;
    const began = clock.now();
    const replica = await Replica.open(genesisSnapshot(genesis), { store: states }, { maxPending });
    const found = new Map<bigint, HeldState>();
    for (const state of replica.states()) {
      const snapshot = replica.at(state);
      // The hash is made of what was read, not taken from the record's name.
      if (stateHash(snapshot.state) !== state) continue;
      const accounts = Number(snapshot.accounts.length) - 1;
      found.set(state, { state, number: snapshot.state.batch, accounts });
    }
    const tookMs = clock.now() - began;
    this.#last = { found, untilMs: clock.now() + Math.max(PAUSE_MS, REST * tookMs) };
    return found;
  }
}

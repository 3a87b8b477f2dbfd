import { setImmediate } from "node:timers/promises";
import { type KeyValueStore, Replica, type Snapshot, type StoreSnapshot } from "../ledger/index.ts";
import { stateHash } from "../protocol/index.ts";
import type { Clock } from "../service/index.ts";
import { SignerError } from "./SignerError.ts";

export type StateCheckModules = {
  /** State of the genesis, which is nowhere on disk. */
  readonly start: Snapshot;
  /** The replica's own store: what is on disk, not what is in memory. */
  readonly states: KeyValueStore;
  /** What is in memory: who asks for any other state costs nothing. */
  readonly replica: Pick<Replica, "has" | "states">;
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
/** States that were held when it began, and those of them that the disk has. */
type Reading = { readonly held: ReadonlySet<bigint>; readonly found: Found };

/** Shortest time between two readings, in milliseconds. */
const PAUSE_MS = 30_000;
/** And as many times as long as the last one took: whoever asks costs a tenth of our time at most. */
const REST = 9;
/** Questions that wait for a reading at a time; the HTTP server has places for 64 of all kinds. */
const MAX_WAITING = 8;
/** Records between two turns of others: 13 ms. */
const AT_ONCE = 64;

/**
 * Reads the replica from disk again, all of it, hashes every account and compares every root: what a validator makes sure
 * of before it signs that it holds a state. One reading answers for all states, and for a while.
 */
export class StateCheck {
  readonly #modules: StateCheckModules;
  #running: Promise<void> | undefined;
  #waiting = 0;
  #last: (Reading & { readonly untilMs: number }) | undefined;

  constructor(modules: StateCheckModules) {
    this.#modules = modules;
  }

  /**
   * @param state H(S) @returns undefined when we do not hold it, which costs nothing, or the disk does not
   * @throws {LedgerError} `LEDGER_STORE_CORRUPT`; {SignerError} `SIGNER_STATE_BUSY`: a question may take minutes, and takes one
   * of the places that relays need for theirs
   */
  async check(state: bigint, signal: AbortSignal): Promise<HeldState | undefined> {
    if (this.#waiting >= MAX_WAITING && !this.#isKnown(state)) throw new SignerError("SIGNER_STATE_BUSY", {});
    this.#waiting++;
    try {
      return await this.#check(state, signal);
    } finally {
      this.#waiting--;
    }
  }

  /** Whether the answer is there: without waiting, it costs nothing. */
  #isKnown(state: bigint): boolean {
    const { clock, replica } = this.#modules;
    if (!replica.has(state)) return true;
    return this.#last !== undefined && this.#last.untilMs > clock.elapsed() && this.#last.held.has(state);
  }

  async #check(state: bigint, signal: AbortSignal): Promise<HeldState | undefined> {
    const { clock, replica } = this.#modules;
    while (replica.has(state) && !signal.aborted) {
      if (this.#isKnown(state)) return this.#last!.found.get(state);
      const leftMs = this.#last ? this.#last.untilMs - clock.elapsed() : 0;
      // The last reading is not old, but the state is younger: new batches must not make us read all the time.
      if (leftMs > 0 && !this.#running) await clock.sleep(leftMs, signal);
      else await this.#readOnce();
    }
    return undefined;
  }

  #readOnce(): Promise<unknown> {
    this.#running ??= this.#read().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #read(): Promise<void> {
    const { start, states, maxPending, clock, replica } = this.#modules;
    const began = clock.elapsed();
    // What is written meanwhile must not mix with what was there: one moment's records, read without holding anybody up.
    const held = new Set(replica.states());
    const snapshot = states.snapshot();
    try {
      const store = patient(snapshot);
      const found = foundIn(await Replica.open(start, { store }, { maxPending }));
      const tookMs = clock.elapsed() - began;
      this.#last = { held, found, untilMs: clock.elapsed() + Math.max(PAUSE_MS, REST * tookMs) };
    } finally {
      await snapshot.close();
    }
  }
}

function foundIn(replica: Replica): Found {
  const found = new Map<bigint, HeldState>();
  for (const state of replica.states()) {
    const snapshot = replica.at(state);
    // The hash is made of what was read, not taken from the record's name.
    if (stateHash(snapshot.state) !== state) continue;
    const accounts = Number(snapshot.accounts.length) - 1;
    found.set(state, { state, number: snapshot.state.batch, accounts });
  }
  return found;
}

/** Lets others have their turn while much is read: each record is hashed. */
function patient(snapshot: StoreSnapshot): KeyValueStore {
  return {
    get: (key) => snapshot.get(key),
    async *entries(prefix) {
      let count = 0;
      for await (const entry of snapshot.entries(prefix)) {
        yield entry;
        if (++count % AT_ONCE === 0) await setImmediate();
      }
    },
    snapshot: () => snapshot,
    write: () => Promise.reject(new TypeError("a snapshot is for reading")),
    close: () => snapshot.close(),
  };
}

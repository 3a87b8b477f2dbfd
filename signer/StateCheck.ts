import { genesisSnapshot, type KeyValueStore, Replica } from "../ledger/index.ts";
import { type Genesis, stateHash } from "../protocol/index.ts";
import { HttpError } from "../service/index.ts";

export type StateCheckModules = {
  readonly genesis: Genesis;
  /** The replica's own store: what is on disk, not what is in memory. */
  readonly states: KeyValueStore;
  readonly maxPending: number;
};

/** What was found on disk of a state. */
export interface HeldState {
  readonly state: bigint;
  /** Number of the batch that led to it. */
  readonly number: bigint;
  readonly accounts: number;
}

/**
 * Reads the replica from disk again, all of it, hashes every account and compares every root: what a validator makes sure
 * of before it signs that it holds a state. One at a time, as it reads as much as a start does.
 */
export class StateCheck {
  readonly #modules: StateCheckModules;
  #running: { readonly state: bigint; readonly answer: Promise<HeldState | undefined> } | undefined;

  constructor(modules: StateCheckModules) {
    this.#modules = modules;
  }

  /**
   * @param state H(S) @returns undefined when the disk does not hold it
   * @throws {LedgerError} `LEDGER_STORE_CORRUPT`, also when the replica moved on meanwhile: ask again; {HttpError} `HTTP_OVERLOADED`
   */
  check(state: bigint): Promise<HeldState | undefined> {
    if (this.#running && this.#running.state !== state)
      return Promise.reject(new HttpError("HTTP_OVERLOADED", { limit: 1 }));
    this.#running ??= {
      state,
      answer: this.#read(state).finally(() => {
        this.#running = undefined;
      }),
    };
    return this.#running.answer;
  }

  async #read(state: bigint): Promise<HeldState | undefined> {
    const { genesis, states, maxPending } = this.#modules;
    const replica = await Replica.open(genesisSnapshot(genesis), { store: states }, { maxPending });
    if (!replica.has(state)) return undefined;
    const snapshot = replica.at(state);
    if (stateHash(snapshot.state) !== state) return undefined;
    return { state, number: snapshot.state.batch, accounts: Number(snapshot.accounts.length) - 1 };
  }
}

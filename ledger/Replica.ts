import { type AccountChange, type State, stateHash } from "../protocol/index.ts";
import { LedgerError } from "./errors/LedgerError.ts";
import { followChanges } from "./followChanges.ts";
import { IndexedMap } from "./IndexedMap.ts";
import { Ledger } from "./Ledger.ts";
import { checkSnapshot, type Snapshot } from "./Snapshot.ts";
import type { KeyValueStore, StoreWrite } from "./store/KeyValueStore.ts";
import {
  decodeAccount,
  decodeField,
  decodeLeaf,
  decodeState,
  decodeStep,
  encodeAccount,
  encodeField,
  encodeLeaf,
  encodeState,
  encodeStep,
  recordKeys,
  type StoredStep,
} from "./store/replicaRecords.ts";

export interface ReplicaOptions {
  /** States kept at once that are not final; more are refused, so that a flood of rival batches ends here. */
  readonly maxPending?: number;
}

export interface ReplicaModules {
  readonly store: KeyValueStore;
}

/** One state after another: what a batch did, without its commands. An `ExecutedBatch` is one. */
export interface Step {
  readonly source: Snapshot;
  readonly target: Snapshot;
  readonly changes: readonly AccountChange[];
}

interface Pending {
  readonly source: bigint;
  readonly target: Snapshot;
  readonly changes: readonly AccountChange[];
}

const MAX_PENDING = 256;

/**
 * The rollup's states that this process knows: the last final one (the base), and a tree of those that follow from it, rivals
 * included. All are in memory and share what they have in common; all are on disk, the base in full and the others as
 * changes. Each write is one atomic batch, so after a crash the replica is as before the write or as after it.
 *
 * Whoever opened the store closes it.
 */
export class Replica {
  readonly #store: KeyValueStore;
  readonly #maxPending: number;
  readonly #pending = new Map<bigint, Pending>();
  #base: Snapshot;
  #baseHash: bigint;
  /** Writes wait for each other, so that what one decides is still true when it is written. */
  #tail: Promise<unknown> = Promise.resolve();

  private constructor(base: Snapshot, options: ReplicaOptions, { store }: ReplicaModules) {
    this.#store = store;
    this.#maxPending = options.maxPending ?? MAX_PENDING;
    this.#base = base;
    this.#baseHash = stateHash(base.state);
  }

  /**
   * Opens what the store holds, or starts from the genesis state in an empty one. Everything read is hashed again and
   * compared with its root: about 0.2 ms an account.
   * @throws {LedgerError} `LEDGER_STORE_FOREIGN`, `LEDGER_STORE_CORRUPT`
   */
  static async open(
    genesis: Snapshot,
    modules: ReplicaModules,
    options: ReplicaOptions = {},
  ): Promise<Replica> {
    const { store } = modules;
    const want = stateHash(genesis.state);
    const stored = await store.get(recordKeys.genesis);
    if (stored === null) {
      await store.write(genesisWrites(genesis, want));
      return new Replica(genesis, options, modules);
    }
    const got = decodeField(stored);
    if (got !== want) throw new LedgerError("LEDGER_STORE_FOREIGN", { want, got });
    const replica = new Replica(await readBase(store, genesis), options, modules);
    await replica.#readSteps();
    return replica;
  }

  /** The last final state: the oldest one held. */
  get base(): Snapshot {
    return this.#base;
  }

  /** Hashes of all states held, base first, each behind its source. */
  states(): bigint[] {
    return [this.#baseHash, ...this.#pending.keys()];
  }

  has(state: bigint): boolean {
    return state === this.#baseHash || this.#pending.has(state);
  }

  /** @param state H(S) @throws {LedgerError} `LEDGER_STATE_UNKNOWN` */
  at(state: bigint): Snapshot {
    if (state === this.#baseHash) return this.#base;
    const pending = this.#pending.get(state);
    if (!pending) throw new LedgerError("LEDGER_STATE_UNKNOWN", { state });
    return pending.target;
  }

  /** H of the state that `state` came from; null for the base. @throws {LedgerError} `LEDGER_STATE_UNKNOWN` */
  sourceOf(state: bigint): bigint | null {
    this.at(state);
    return this.#pending.get(state)?.source ?? null;
  }

  /**
   * Keeps the state that a batch led to: on disk and read back when this resolves. Keeping a state twice is fine.
   * @returns H(S') @throws {LedgerError} `LEDGER_STATE_UNKNOWN`, `LEDGER_FORKS_FULL`, `LEDGER_STORE_CORRUPT`
   */
  keep(step: Step): Promise<bigint> {
    return this.#exclusively(async () => {
      const target = stateHash(step.target.state);
      if (this.has(target)) return target;
      const source = stateHash(step.source.state);
      this.at(source);
      if (this.#pending.size >= this.#maxPending)
        throw new LedgerError("LEDGER_FORKS_FULL", { limit: this.#maxPending });
      await this.#writeStep(target, { source, target: step.target.state, changes: step.changes });
      this.#pending.set(target, { source, target: step.target, changes: step.changes });
      return target;
    });
  }

  /**
   * Keeps the state that a change list leads to, without executing: how a replica is rebuilt from posted batches.
   * @param source H(S) @returns the new state
   * @throws {LedgerError} as {@link followChanges} and {@link keep}
   */
  async follow(source: bigint, changes: readonly AccountChange[], target: State): Promise<Snapshot> {
    const from = this.at(source);
    const snapshot = followChanges(from, changes, target);
    return this.at(await this.keep({ source: from, target: snapshot, changes }));
  }

  /**
   * Makes a state the base: it is final. The states before it and their other successors are forgotten.
   * @throws {LedgerError} `LEDGER_STATE_UNKNOWN`
   */
  finalize(state: bigint): Promise<void> {
    return this.#exclusively(async () => {
      const base = this.at(state);
      if (state === this.#baseHash) return;
      const kept = this.#descendants(state);
      const dropped = [...this.#pending.keys()].filter((hash) => !kept.has(hash));
      await this.#store.write([...baseWrites(base, this.#base), ...dropped.map(deleteStep)]);
      this.#base = base;
      this.#baseHash = state;
      for (const hash of dropped) this.#pending.delete(hash);
    });
  }

  /** Forgets everything that follows from a state. @throws {LedgerError} `LEDGER_STATE_UNKNOWN` */
  rollback(state: bigint): Promise<void> {
    return this.#exclusively(async () => {
      this.at(state);
      const dropped = [...this.#descendants(state)];
      await this.#store.write(dropped.map(deleteStep));
      for (const hash of dropped) this.#pending.delete(hash);
    });
  }

  /** States that came from `state`, itself left out. Each stands behind its source in #pending. */
  #descendants(state: bigint): Set<bigint> {
    const found = new Set<bigint>();
    for (const [hash, { source }] of this.#pending)
      if (source === state || found.has(source)) found.add(hash);
    return found;
  }

  async #writeStep(target: bigint, step: StoredStep): Promise<void> {
    const key = recordKeys.step(target);
    const bytes = encodeStep(step);
    await this.#store.write([{ key, value: bytes }]);
    const back = await this.#store.get(key);
    if (back === null || Buffer.compare(back, bytes) !== 0)
      throw new LedgerError("LEDGER_STORE_CORRUPT", { record: key });
  }

  async #readSteps(): Promise<void> {
    const waiting = new Map<string, StoredStep>();
    for await (const [key, value] of this.#store.entries(recordKeys.steps))
      waiting.set(key, decoded(key, value, decodeStep));
    for (const [key, { target }] of waiting)
      if (key !== recordKeys.step(stateHash(target)))
        throw new LedgerError("LEDGER_STORE_CORRUPT", { record: key });
    for (let size = -1; size !== waiting.size; ) {
      size = waiting.size;
      for (const [key, { source, target, changes }] of waiting) {
        if (!this.has(source)) continue;
        const snapshot = decoded(key, null, () => followChanges(this.at(source), changes, target));
        this.#pending.set(stateHash(target), { source, target: snapshot, changes });
        waiting.delete(key);
      }
    }
    const [orphan] = waiting.keys();
    if (orphan !== undefined) throw new LedgerError("LEDGER_STORE_CORRUPT", { record: orphan });
  }

  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(work);
    this.#tail = result.catch(() => {}); // whoever asked hears of it; the next one starts anew
    return result;
  }
}

function deleteStep(state: bigint): StoreWrite {
  return { key: recordKeys.step(state), value: null };
}

function genesisWrites(genesis: Snapshot, hash: bigint): StoreWrite[] {
  const nothing = { ledger: Ledger.empty(), accounts: null };
  return [...baseWrites(genesis, nothing), { key: recordKeys.genesis, value: encodeField(hash) }];
}

/** What makes `older`'s records those of `base`. */
function baseWrites(
  base: Snapshot,
  older: { readonly ledger: Ledger; readonly accounts: IndexedMap | null },
): StoreWrite[] {
  const leaves = older.accounts
    ? base.accounts.changesSince(older.accounts)
    : [...base.accounts.leaves()].map((leaf, i) => [BigInt(i), leaf] as const);
  return [
    { key: recordKeys.base, value: encodeState(base.state) },
    ...[...base.ledger.changesSince(older.ledger)].map(({ index, account }) => ({
      key: recordKeys.account(index),
      value: encodeAccount(account),
    })),
    ...[...leaves].map(([index, leaf]) => ({ key: recordKeys.id(index), value: encodeLeaf(leaf) })),
  ];
}

async function readBase(store: KeyValueStore, genesis: Snapshot): Promise<Snapshot> {
  const bytes = await store.get(recordKeys.base);
  if (bytes === null) throw new LedgerError("LEDGER_STORE_CORRUPT", { record: recordKeys.base });
  const state = decoded(recordKeys.base, bytes, decodeState);
  const ledger = Ledger.empty();
  for await (const [key, value] of store.entries(recordKeys.accounts)) {
    const index = BigInt(`0x${key.slice(recordKeys.accounts.length)}`);
    decoded(key, value, (account) => ledger.set(index, decodeAccount(account)));
  }
  const leaves = [];
  for await (const [key, value] of store.entries(recordKeys.ids))
    leaves.push(decoded(key, value, decodeLeaf));
  const accounts = IndexedMap.fromLeaves(leaves);
  const base: Snapshot = { ...genesis, state, ledger, accounts };
  decoded(recordKeys.base, bytes, () => checkSnapshot(base));
  return base;
}

/** Reads a record; whatever goes wrong with it names the record. */
function decoded<In, Out>(record: string, bytes: In, read: (bytes: In) => Out): Out {
  try {
    return read(bytes);
  } catch (cause) {
    throw new LedgerError("LEDGER_STORE_CORRUPT", { record }, { cause });
  }
}

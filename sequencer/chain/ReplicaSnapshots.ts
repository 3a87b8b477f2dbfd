import type { ExecutedBatch, Replica, Snapshot } from "../../ledger/index.ts";
import { type State, stateHash } from "../../protocol/index.ts";
import type { BatchRecord } from "../batches/BatchRecord.ts";
import { SequencerError } from "../errors/SequencerError.ts";

/** Where the chain's snapshots are kept: the state behind every batch that is not final, and the last final one. */
export interface SnapshotStore {
  /** The newest state. */
  readonly newest: Snapshot;
  /** Makes the target of a batch the newest, durably. Its source is the newest before. */
  append(batch: ExecutedBatch): Promise<void>;
  /** Forgets what follows from a state that is held, which becomes the newest. */
  rewind(state: State): Promise<void>;
  /** The states before this one are no longer needed. */
  finalize(state: State): Promise<void>;
}

/**
 * States that the replica may hold at once. A hundred batches an hour stay below a fifth of it until L1's finality, and each
 * costs only what it changed.
 */
export const MAX_STATES = 10_000;

/** {@link SnapshotStore} over a replica, of which the sequencer uses one line and no forks. */
export class ReplicaSnapshots implements SnapshotStore {
  readonly #replica: Replica;
  #newest: Snapshot;

  /** @throws {SequencerError} `SEQUENCER_STORE_CORRUPT` when the replica knows neither end of the last batch */
  constructor(replica: Replica, last: BatchRecord | undefined) {
    this.#replica = replica;
    this.#newest = newestOf(replica, last);
  }

  get newest(): Snapshot {
    return this.#newest;
  }
  async append(batch: ExecutedBatch): Promise<void> {
    this.#newest = this.#replica.at(await this.#replica.keep(batch));
  }
  async rewind(state: State): Promise<void> {
    await this.#replica.rollback(stateHash(state));
    this.#newest = this.#replica.at(stateHash(state));
  }
  async finalize(state: State): Promise<void> {
    if (this.#replica.has(stateHash(state))) await this.#replica.finalize(stateHash(state));
  }
}

/** The last batch's target; its source after a crash between its record and its snapshot. */
function newestOf(replica: Replica, last: BatchRecord | undefined): Snapshot {
  if (!last) return replica.base;
  for (const state of [last.target, last.source]) {
    if (replica.has(stateHash(state))) return replica.at(stateHash(state));
  }
  throw new SequencerError("SEQUENCER_STORE_CORRUPT", { what: `no snapshot at batch ${last.number}` });
}

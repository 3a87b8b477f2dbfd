import type { ExecutedBatch } from "../../ledger/index.ts";
import type { BatchHeader, OuterState, State } from "../../protocol/index.ts";

/** A proof as it is stored: what the prover gave, and takes back. JSON apart from bigints and bytes. */
export type StoredProof = unknown;
/** What one proof is made from, in plain values. */
export type ProofInput = unknown;

/** Everything that the proofs of one batch are made from. */
export interface ProofPlan {
  /** Leaves of the tree over the execution, in order. */
  readonly ledger: readonly ProofInput[];
  /** Leaves of the tree over the indexed maps, in order. */
  readonly index: readonly ProofInput[];
  readonly join: ProofInput;
}

/** What a commit is made from, its two proofs included. */
export interface CommitRequest {
  /** The outer account before it. */
  readonly outer: OuterState;
  readonly target: State;
  readonly header: BatchHeader;
  readonly dataRoot: bigint;
  readonly wrapper: StoredProof;
  readonly quorum: StoredProof;
}

/** Makes a batch's proofs. One is made at a time on a machine, whoever asks. */
export interface BatchProver {
  plan(batch: ExecutedBatch): ProofPlan;
  ledgerLeaf(input: ProofInput): Promise<StoredProof>;
  mergeLedger(left: StoredProof, right: StoredProof): Promise<StoredProof>;
  indexLeaf(input: ProofInput): Promise<StoredProof>;
  mergeIndex(left: StoredProof, right: StoredProof): Promise<StoredProof>;
  join(input: ProofInput, ledger: StoredProof, index: StoredProof): Promise<StoredProof>;
  /** Whether this is a quorum proof over `message` by the set of this hash. */
  verifyQuorum(proof: StoredProof, message: bigint, setHash: bigint): Promise<boolean>;
  /** The transaction, proved: only its fee payer is still open. As L1's GraphQL takes it. */
  commit(request: CommitRequest): Promise<StoredProof>;
  /** Gives up what is under way. May be called twice. */
  stop(): Promise<void>;
}

import type { ExecutedBatch } from "../../ledger/index.ts";
import type { BatchHeader, State, ValidatorSet } from "../../protocol/index.ts";

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

/** What a `commit` transaction says, besides its two proofs. */
export interface CommitRequest {
  readonly source: State;
  readonly target: State;
  readonly header: BatchHeader;
  readonly dataRoot: bigint;
  readonly wrapper: StoredProof;
  readonly quorum: StoredProof;
  readonly set: ValidatorSet;
  /** Fee payer's nonce, and its fee in nanomina. */
  readonly nonce: bigint;
  readonly fee: bigint;
  /** Last slot of the fee payer and of the contract's own window. */
  readonly validUntil: bigint;
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
  /** The transaction, proved and signed, as L1's GraphQL takes it. */
  commit(request: CommitRequest): Promise<unknown>;
}

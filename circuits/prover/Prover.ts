import type { GasLockTransaction } from "../gas/index.ts";
import type { AccountsInput } from "../indexed/index.ts";
import type { ProgramName } from "../keys/index.ts";
import type { FeesInput, SignedInput } from "../ledger/index.ts";
import type { CommitTransaction, ProofJson, RotationTransaction } from "../outer/index.ts";
import type { QuorumBranch, QuorumInput } from "../quorum/index.ts";
import type { JoinInput } from "../wrapper/index.ts";

/** Two proofs of one program whose ranges meet. */
export interface MergeInput {
  readonly first: ProofJson;
  readonly second: ProofJson;
}

/** A join, with the proofs that it takes. */
export interface JoinProofInput extends JoinInput {
  readonly ledger: ProofJson;
  readonly index: ProofJson;
}

/** One proof to be made. Inputs are plain values: bigint, strings, arrays, records; they cross a process border. */
export type ProofJob =
  | Readonly<{ program: "ledger"; branch: "signed"; input: SignedInput }>
  | Readonly<{ program: "ledger"; branch: "fees"; input: FeesInput }>
  | Readonly<{ program: "ledger"; branch: "merge"; input: MergeInput }>
  | Readonly<{ program: "index"; branch: "accounts"; input: AccountsInput }>
  | Readonly<{ program: "index"; branch: "merge"; input: MergeInput }>
  | Readonly<{ program: "wrapper"; branch: "join"; input: JoinProofInput }>
  | Readonly<{ program: "quorum"; branch: QuorumBranch; input: QuorumInput }>;

/** One L1 transaction to be built and proved; its result has no signatures yet (`signTransaction`). */
export type TransactionJob =
  | Readonly<{ program: "outer"; branch: "commit"; input: CommitTransaction }>
  | Readonly<{ program: "outer"; branch: "rotateValidators"; input: RotationTransaction }>
  | Readonly<{ program: "gas"; branch: "lock"; input: GasLockTransaction }>;

export type ProverJob = ProofJob | TransactionJob;

/** What a job cost. */
export interface ProvingCost {
  readonly program: ProgramName;
  readonly branch: string;
  /** The proof alone. */
  readonly proveMs: number;
  /** Loading or making the keys, when this job started a process for it; else 0. */
  readonly compileMs: number;
  /** Largest resident set of the process so far. */
  readonly peakMb: number;
}

/**
 * Makes proofs, one at a time and in the order in which they are asked for.
 *
 * Both methods throw {ProverError}: `CIRCUIT_REFUSED` when the statement is false, which asking again will not change;
 * `PROVER_TIME`, `PROVER_MEMORY`, `PROVER_DIED` when the process was lost, `PROVER_STOPPED` after `stop`.
 * {ProofKeyError} `PROOF_KEY_MISMATCH` when a program does not compile to the key that the other circuits pin.
 */
export interface Prover {
  /** @returns the proof, checked against its statement by whoever verifies it next */
  prove(job: ProofJob): Promise<ProofJson>;
  /** @returns a zkApp command in Mina's JSON, proved and not yet signed */
  transaction(job: TransactionJob): Promise<string>;
  /** Ends the process, also in the middle of a proof. May be called twice. */
  stop(): Promise<void>;
}

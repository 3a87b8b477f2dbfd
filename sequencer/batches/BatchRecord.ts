import type { Hex } from "../../da/index.ts";
import type { MinaCommandJson } from "../../l1/index.ts";
import type { BatchHeader, CertificateJson, PublicKey, Signature, State } from "../../protocol/index.ts";
import type { BatchStep } from "./batchSteps.ts";

/** What stands on the DA chain of a batch. Its bytes are stored apart. */
export interface Posting {
  readonly header: BatchHeader;
  readonly dataRoot: bigint;
  readonly chunkRoots: readonly Uint8Array[];
  readonly signature: Signature;
  /** Id in the inbox. */
  readonly id: Hex;
}

/** A commit that was proved and signed, and may have been sent. */
export interface Commit {
  /** Mina's hash of the transaction. */
  readonly hash: string;
  /** As L1's GraphQL takes it. */
  readonly command: MinaCommandJson;
  /** Fee payer's nonce. */
  readonly nonce: bigint;
  /** Last slot at which L1 may take it, which is the batch's too. */
  readonly validUntil: bigint;
  /** Field 6 of the outer account that it pins; a rotation changes it. */
  readonly validators: bigint;
  /** 1 for the first commit of this batch. */
  readonly attempt: number;
}

/** A block of L1, and what the outer account held in it. */
export interface L1Place {
  readonly height: bigint;
  readonly hash: string;
  readonly slot: bigint;
}

/** A batch's life, as it is stored. Fields behind its step are absent. */
export interface BatchRecord {
  /** `batch` of the target state. */
  readonly number: bigint;
  readonly step: BatchStep;
  readonly source: State;
  readonly target: State;
  readonly landBy: bigint;
  readonly feeRecipient: PublicKey;
  /** Heights of its blocks: `[firstBlock, nextBlock)`. */
  readonly firstBlock: bigint;
  readonly nextBlock: bigint;
  readonly transactions: number;
  readonly newAccounts: number;
  /** Leaves of the two trees of proofs. */
  readonly leaves: Readonly<{ ledger: number; index: number }>;
  readonly closedAtMs: number;
  readonly posting?: Posting;
  readonly certificate?: CertificateJson;
  readonly commit?: Commit;
  readonly accepted?: L1Place;
  /** Seconds that each proof took, by its name. */
  readonly proofSeconds: Readonly<Record<string, number>>;
  /** Clock, in milliseconds, when each step was first reached. */
  readonly reachedMs: Readonly<Partial<Record<BatchStep, number>>>;
}

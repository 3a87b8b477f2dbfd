import type { Attestation, PublicKey, Signature } from "../protocol/index.ts";
import type { BatchId, Hex, RollupId } from "./DaTypes.ts";

/** What posting costs, in the chain's smallest unit (18 decimals). */
export interface FeeTerms {
  /** Of one decoded byte; 0: posting is free. */
  readonly price: bigint;
  /** Seconds after a certificate in which validators that it left out can join. */
  readonly lateWindowSeconds: number;
}

/** The fee of one batch, between its opening and its settlement. */
export interface BatchFee {
  readonly amount: bigint;
  /** Epoch of the certificate that earned it, and the slots that share; undefined before there is one. */
  readonly earned?: { readonly epoch: bigint; readonly slots: readonly number[]; readonly closesAt: number };
  /** Second from which on it can go back, if somebody has asked for that; not once it is earned. */
  readonly returnsAt?: number;
}

/** What a validator has earned and not claimed. */
export interface FeeAccount {
  readonly due: bigint;
  /** Payout addresses named so far. */
  readonly counter: bigint;
  /** Undefined before the first naming. */
  readonly payout: Hex | undefined;
}

/** The contract that rollups prepay and validators are paid by. Every method may fail with a `DaError`. */
export interface DaFees {
  readonly address: Hex;
  /** Who pays for the transactions of the methods below that write. */
  readonly account: Hex;
  terms(): Promise<FeeTerms>;
  /** What a rollup has prepaid and not used. */
  balanceOf(rollup: RollupId): Promise<bigint>;
  /** @returns undefined when none was due, or it has been given back or shared out */
  feeOf(batch: BatchId): Promise<BatchFee | undefined>;
  accountOf(validator: PublicKey): Promise<FeeAccount>;
  /** Batches whose fee was earned in whole blocks `[from, next)`, oldest first, at most one page. */
  earned(from: number): Promise<{ readonly next: number; readonly batches: readonly BatchId[] }>;
  /** Adds to a rollup's balance, from our account. */
  prepay(rollup: RollupId, amount: bigint): Promise<void>;
  /** Lets validators share that the certificate left out. */
  addLateVotes(batch: BatchId, votes: readonly Attestation[]): Promise<void>;
  /** Shares out fees whose window is over: any number of batches, sixteen a transaction. */
  settle(batches: readonly BatchId[]): Promise<void>;
  /** Names where a validator's claims go. @param signature the validator's over `payoutMessage` */
  setPayout(validator: PublicKey, payout: Hex, signature: Signature): Promise<void>;
  /** Pays what is due to the validator to its payout address. @returns hash of the transaction */
  claim(validator: PublicKey): Promise<Hex>;
}

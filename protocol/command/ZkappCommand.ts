import type { PublicKey } from "../publicKey.ts";
import type { Signature } from "../signature.ts";

/** Inclusive bounds. */
export interface Interval {
  readonly lower: bigint;
  readonly upper: bigint;
}

export interface FeePayer {
  readonly publicKey: PublicKey;
  /** Nanomina, 64 bits. */
  readonly fee: bigint;
  /** 32 bits. */
  readonly nonce: bigint;
  /** Last slot, 32 bits; null: no bound. */
  readonly validUntil: bigint | null;
  readonly signature: Signature;
}

/** Mina's `May_use_token`. */
export type MayUseToken = "no" | "parentsOwnToken" | "inheritFromParent";

/** An account update of a transfer: what is not here has its neutral value. The token is MINA. */
export interface AccountUpdate {
  readonly publicKey: PublicKey;
  /** Depth in the call forest: 0 at the top, at most one more than the update before. */
  readonly callDepth: number;
  /** Nanomina, −2⁶⁴ < x < 2⁶⁴; zero is positive zero. */
  readonly balanceChange: bigint;
  readonly incrementNonce: boolean;
  readonly useFullCommitment: boolean;
  readonly implicitAccountCreationFee: boolean;
  readonly mayUseToken: MayUseToken;
  /** Precondition on the account's nonce. */
  readonly nonce: Interval | null;
  /** Precondition on the L2 block's slot. */
  readonly validWhile: Interval | null;
  /** null: no authorization. */
  readonly authorization: Signature | null;
}

/** A command that this version accepts. Mina's `Zkapp_command`, less what {@link commandFromJson} refuses. */
export interface ZkappCommand {
  readonly feePayer: FeePayer;
  readonly updates: readonly AccountUpdate[];
  /** Tag 1, length, 32 bytes padded with zeros. */
  readonly memo: Uint8Array;
}

export const MEMO_BYTES = 34;

/** Whether these are Mina's memo bytes: tag 1, a length up to 32, zeros behind it. */
export function isMemo(memo: Uint8Array): boolean {
  if (memo.length !== MEMO_BYTES || memo[0] !== 1 || memo[1]! > 32) return false;
  return memo.subarray(2 + memo[1]!).every((byte) => byte === 0);
}

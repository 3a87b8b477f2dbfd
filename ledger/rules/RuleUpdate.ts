import {
  type AccountUpdate,
  type FeePayer,
  type Interval,
  MAX_UINT32,
  type PublicKey,
  type Signature,
} from "../../protocol/index.ts";

/** An account update as the rules see it: the fee payer is one like the others, with its fields fixed by Mina. */
export interface RuleUpdate {
  /** In its command: 0 is the fee payer. Errors name it. */
  readonly position: number;
  readonly publicKey: PublicKey;
  readonly balanceChange: bigint;
  readonly incrementNonce: boolean;
  readonly useFullCommitment: boolean;
  readonly implicitAccountCreationFee: boolean;
  readonly nonce: Interval | null;
  /** Bounds on the block's slot, whichever precondition they come from. */
  readonly slots: Interval | null;
  readonly signature: Signature | null;
}

/** What a batch fixes for all its commands. */
export interface RuleContext {
  /** Slot of the L2 block. */
  readonly slot: bigint;
  /** Nanomina that a new account costs. */
  readonly creationFee: bigint;
  /** Nonce of a new account: 2³¹, so that nothing signed is good on both L1 and L2. */
  readonly nonceBase: bigint;
}

/** Mina's `Account_update.of_fee_payer`. */
export function updateOfFeePayer(feePayer: FeePayer): RuleUpdate {
  return {
    position: 0,
    publicKey: feePayer.publicKey,
    balanceChange: -feePayer.fee,
    incrementNonce: true,
    useFullCommitment: true,
    implicitAccountCreationFee: true,
    nonce: { lower: feePayer.nonce, upper: feePayer.nonce },
    slots: { lower: 0n, upper: feePayer.validUntil ?? MAX_UINT32 },
    signature: feePayer.signature,
  };
}

export function updateOfCommand(update: AccountUpdate, position: number): RuleUpdate {
  return { ...update, position, slots: update.validWhile, signature: update.authorization };
}

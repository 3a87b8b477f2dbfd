import { Bool, Field, Poseidon, PublicKey, Struct, UInt32, UInt64 } from "o1js";
import { MINA_TOKEN } from "../../protocol/index.ts";
import { minaPrefixes } from "./minaPrefixes.ts";
import { Permissions, packPermissions } from "./Permissions.ts";
import { packUnsafe } from "./packUnsafe.ts";
import { NO_ZKAPP } from "./ZkappState.ts";

/** Vesting schedule; slots are 32 bits, amounts 64 bits of nanomina. */
export class Timing extends Struct({
  isTimed: Bool,
  initialMinimumBalance: UInt64,
  cliffTime: UInt32,
  cliffAmount: UInt64,
  vestingPeriod: UInt32,
  vestingIncrement: UInt64,
}) {
  /** The only timing that an untimed account can have. */
  static untimed(): Timing {
    return new Timing({
      isTimed: Bool(false),
      initialMinimumBalance: UInt64.from(0),
      cliffTime: UInt32.from(0),
      cliffAmount: UInt64.from(0),
      vestingPeriod: UInt32.from(1),
      vestingIncrement: UInt64.from(0),
    });
  }
}

/**
 * A Mina account (MinaProtocol/mina, account.ml), its zkApp part as a digest.
 * Twin: `Account` in protocol/.
 */
export class MinaAccount extends Struct({
  publicKey: PublicKey,
  tokenId: Field,
  /** 48 bits, the symbol's bytes from the lowest up. Range-checked by `accountHashUnsafe`'s callers. */
  tokenSymbol: Field,
  balance: UInt64,
  nonce: UInt32,
  receiptChainHash: Field,
  /** The empty key when there is none. */
  delegate: PublicKey,
  votingFor: Field,
  timing: Timing,
  permissions: Permissions,
  /** `ZkappState.digest`, or `NO_ZKAPP`. */
  zkapp: Field,
}) {}

/**
 * Mina's account hash: the leaf of the ledger tree.
 *
 * Unsafe: every packed part must have been range-checked, which `Provable.witness` does for the typed ones and
 * `assertTokenSymbol` for the symbol; otherwise a long symbol would pass for a different balance.
 *
 * @param permissions the packed permissions, where the caller has them already
 */
export function accountHashUnsafe(
  account: MinaAccount,
  permissions = packPermissions(account.permissions),
): Field {
  const { timing } = account;
  return Poseidon.hashWithPrefix(minaPrefixes.account, [
    account.zkapp,
    account.votingFor,
    account.delegate.x,
    account.receiptChainHash,
    account.tokenId,
    account.publicKey.x,
    ...packUnsafe([
      permissions,
      [timing.isTimed.toField(), 1],
      [timing.initialMinimumBalance.value, 64],
      [timing.cliffTime.value, 32],
      [timing.cliffAmount.value, 64],
      [timing.vestingPeriod.value, 32],
      [timing.vestingIncrement.value, 64],
      [account.delegate.isOdd.toField(), 1],
      [account.nonce.value, 32],
      [account.balance.value, 64],
      [account.tokenSymbol, 48],
      [account.publicKey.isOdd.toField(), 1],
    ]),
  ]);
}

/** Hash of the legacy Poseidon salt "CodaReceiptEmpty": what a new account's receipt chain starts from. */
export const EMPTY_RECEIPT_CHAIN: Field =
  Field(4836908137238259756355130884394587673375183996506461139740622663058947052555n);

/** What Mina puts where an account update meets an empty leaf, before it applies the update; MINA only. */
export function newAccount(publicKey: PublicKey, nonce: UInt32): MinaAccount {
  return new MinaAccount({
    publicKey,
    tokenId: Field(MINA_TOKEN),
    tokenSymbol: Field(0),
    balance: UInt64.from(0),
    nonce,
    receiptChainHash: EMPTY_RECEIPT_CHAIN,
    delegate: publicKey,
    votingFor: Field(0),
    timing: Timing.untimed(),
    permissions: Permissions.userDefault(),
    zkapp: NO_ZKAPP,
  });
}

/** Leaf where no account stands. Its key is empty, and no account update may name the empty key. */
export const EMPTY_LEAF: Field = accountHashUnsafe(newAccount(PublicKey.empty(), UInt32.from(0)));

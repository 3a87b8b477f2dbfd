import { Field, Provable, UInt32, UInt64 } from "o1js";
import { MINA_TOKEN } from "../../protocol/index.ts";
import {
  accountHashUnsafe,
  allowedWithoutProof,
  EMPTY_LEAF,
  ledgerRoot,
  MinaAccount,
  newAccount,
  packPermissions,
  receiptChain,
  Timing,
} from "../mina/index.ts";
import { assertFits } from "./assertFits.ts";
import type { LedgerContext } from "./LedgerContext.ts";
import { LedgerErrors } from "./LedgerErrors.ts";
import type { SignedStep } from "./SignedStep.ts";

/** What happens to the account, besides what its own fields say. */
export type AccountChange = {
  /** Balance change in nanomina, creation fee included; signed, negative values as p − x. */
  readonly change: Field;
  readonly fullCommitment: Field;
  /** Position of the update in its command. */
  readonly position: Field;
};

/**
 * Changes the account that the update names.
 *
 * Proves: `before` and `after` are the roots of one tree with only this leaf changed; the leaf was empty or held an
 * untimed account of this key, whose permissions allow the change without a proof.
 * Does not prove: that `before` is the ledger's root; the caller compares.
 */
export function changeAccount(
  context: LedgerContext,
  step: SignedStep,
  { change, ...receipt }: AccountChange,
) {
  const { update, isNew, path } = step;
  const { account, permissions } = openAccount(context, step);
  checkPermissions(step);
  const balance = account.balance.value.add(change).seal();
  assertFits(balance, 64, LedgerErrors.balanceOutOfRange);
  const nonce = account.nonce.value.add(update.incrementNonce.toField()).seal();
  assertFits(nonce, 32, LedgerErrors.nonceOutOfRange);
  const receipts = receiptChain(account.receiptChainHash, receipt.fullCommitment, receipt.position);
  const changed = new MinaAccount({
    ...account,
    balance: UInt64.Unsafe.fromField(balance),
    nonce: UInt32.Unsafe.fromField(nonce),
    receiptChainHash: Provable.if(update.isSigned, receipts, account.receiptChainHash),
  });
  const leaf = Provable.if(isNew, EMPTY_LEAF, accountHashUnsafe(account, permissions));
  return { before: ledgerRoot(path, leaf), after: ledgerRoot(path, accountHashUnsafe(changed, permissions)) };
}

/** The account before the update, and its packed permissions; a new one has nothing that the prover could choose. */
function openAccount(context: LedgerContext, { update, isNew, account: opened }: SignedStep) {
  const account = new MinaAccount({
    ...opened,
    publicKey: update.publicKey,
    tokenId: Field(MINA_TOKEN),
    timing: Timing.untimed(),
  });
  const permissions = packPermissions(account.permissions);
  assertFits(account.tokenSymbol, 48, LedgerErrors.symbolTooLong);
  const fresh = newAccount(update.publicKey, context.nonceBase);
  const pairs: [Field, Field][] = [
    [account.tokenSymbol, fresh.tokenSymbol],
    [account.balance.value, fresh.balance.value],
    [account.nonce.value, fresh.nonce.value],
    [account.receiptChainHash, fresh.receiptChainHash],
    [account.delegate.x, fresh.delegate.x],
    [account.delegate.isOdd.toField(), fresh.delegate.isOdd.toField()],
    [account.votingFor, fresh.votingFor],
    [permissions[0], packPermissions(fresh.permissions)[0]],
    [account.zkapp, fresh.zkapp],
  ];
  for (const [is, wants] of pairs) {
    isNew.toField().mul(is.sub(wants)).assertEquals(0, LedgerErrors.accountNotNew);
  }
  return { account, permissions };
}

function checkPermissions({ update, account }: SignedStep): void {
  const { isSigned, isNegative, amount, incrementNonce } = update;
  const { access, send, receive, incrementNonce: increment } = account.permissions;
  allowedWithoutProof(access, isSigned).assertTrue(LedgerErrors.accessDenied);
  // The implicit creation fee may bring a change down to zero, but only on a new account, which anybody may pay.
  const moves = amount.value.equals(0).not();
  const sends = moves.and(isNegative);
  const receives = moves.and(isNegative.not());
  sends.implies(allowedWithoutProof(send, isSigned)).assertTrue(LedgerErrors.sendDenied);
  receives.implies(allowedWithoutProof(receive, isSigned)).assertTrue(LedgerErrors.receiveDenied);
  incrementNonce
    .implies(allowedWithoutProof(increment, isSigned))
    .assertTrue(LedgerErrors.incrementNonceDenied);
}

import { Bool, Field, PublicKey, Struct, UInt32, UInt64 } from "o1js";
import { MINA_TOKEN } from "../../protocol/index.ts";
import {
  accountHashUnsafe,
  allowedWithoutProof,
  LedgerPath,
  ledgerRoot,
  MinaAccount,
  packPermissions,
  Timing,
} from "../mina/index.ts";
import { assertFits } from "./assertFits.ts";
import { LedgerErrors } from "./LedgerErrors.ts";
import { LedgerState } from "./LedgerState.ts";
import type { LedgerStatement } from "./LedgerStatement.ts";
import { EMPTY_LOCAL } from "./LocalState.ts";
import { closeStatement, type Opening, openStatement } from "./openStatement.ts";
import { StepAccount } from "./SignedStep.ts";

/** The account that gets the fees. The prover's choice here; validators hold it to the one that the header names. */
export class FeePayout extends Struct({
  recipient: PublicKey,
  account: StepAccount,
  path: LedgerPath,
  /** Slot of the batch's last block, which may hold no command. */
  slot: UInt32,
}) {}

/**
 * σ → σ' by paying the collected fees, also none, to one existing account.
 *
 * Proves: no command is open; the account stands in the ledger, is untimed and not the inner one, and lets anybody pay
 * it; its balance grows by the fees, which become zero; the slot does not decrease; nothing else changes.
 */
export function feesRule(statement: LedgerStatement, opening: Opening, payout: FeePayout): void {
  const { state, local, context } = openStatement(statement, opening);
  state.local.assertEquals(EMPTY_LOCAL, LedgerErrors.commandOpen);
  payout.recipient.isEmpty().assertFalse(LedgerErrors.emptyKey);
  payout.recipient.equals(context.innerKey).assertFalse(LedgerErrors.innerAccount);
  assertFits(payout.slot.value.sub(state.slot.value), 32, LedgerErrors.slotDecreases);
  const roots = payTo(payout, state.fees.value);
  roots.before.assertEquals(state.ledgerRoot, LedgerErrors.accountNotInLedger);
  const next = new LedgerState({
    ...state,
    ledgerRoot: roots.after,
    slot: payout.slot,
    fees: UInt64.from(0),
  });
  closeStatement(statement, { state: next, local });
}

function payTo({ recipient, account: opened, path }: FeePayout, amount: Field) {
  const { access, receive } = opened.permissions;
  allowedWithoutProof(access, Bool(false)).assertTrue(LedgerErrors.accessDenied);
  allowedWithoutProof(receive, Bool(false)).assertTrue(LedgerErrors.receiveDenied);
  assertFits(opened.tokenSymbol, 48, LedgerErrors.symbolTooLong);
  const balance = opened.balance.value.add(amount).seal();
  assertFits(balance, 64, LedgerErrors.balanceOutOfRange);
  const account = new MinaAccount({
    ...opened,
    publicKey: recipient,
    tokenId: Field(MINA_TOKEN),
    timing: Timing.untimed(),
  });
  const paid = new MinaAccount({ ...account, balance: UInt64.Unsafe.fromField(balance) });
  const permissions = packPermissions(account.permissions);
  return {
    before: ledgerRoot(path, accountHashUnsafe(account, permissions)),
    after: ledgerRoot(path, accountHashUnsafe(paid, permissions)),
  };
}

import type { Bool, Field } from "o1js";
import { UInt32 } from "o1js";
import type { OptionalInterval, TransferUpdate } from "../mina/index.ts";
import { assertFits } from "./assertFits.ts";
import type { LedgerContext } from "./LedgerContext.ts";
import { LedgerErrors } from "./LedgerErrors.ts";
import type { SignedStep } from "./SignedStep.ts";

/**
 * Demands what an update must look like, whatever the state: for each update exactly one form, so that what a proof
 * applies is what the payload can say. Idle steps satisfy this as well.
 */
export function checkForm(context: LedgerContext, update: TransferUpdate, starts: Bool): void {
  const { publicKey, amount, isNegative, parentsOwnToken, inheritFromParent } = update;
  // The empty key marks the empty leaf: an account of that name would be "new" for ever.
  publicKey.isEmpty().assertFalse(LedgerErrors.emptyKey);
  // Its permissions say the same; this holds for any genesis, and also where the leaf at index 0 is not its own.
  publicKey.equals(context.innerKey).assertFalse(LedgerErrors.innerAccount);
  // Mina writes a fee of zero as minus zero; everything else has one zero.
  isNegative.and(amount.value.equals(0)).and(starts.not()).assertFalse(LedgerErrors.negativeZero);
  parentsOwnToken.and(inheritFromParent).assertFalse(LedgerErrors.tokenFlags);
  checkBounds(update.nonce);
  checkBounds(update.slot);
}

function checkBounds({ isSome, lower, upper }: OptionalInterval): void {
  const none = isSome.not().toField();
  none.mul(lower.value).assertEquals(0, LedgerErrors.boundsWithoutInterval);
  none.mul(upper.value.sub(UInt32.MAXINT().value)).assertEquals(0, LedgerErrors.boundsWithoutInterval);
}

/** Demands lower ≤ value ≤ upper; all three have 32 bits. Without an interval the bounds are the widest ones. */
export function checkInterval(interval: OptionalInterval, value: Field, text: string): void {
  assertFits(value.sub(interval.lower.value), 32, text);
  assertFits(interval.upper.value.sub(value), 32, text);
}

/**
 * Demands, where a command starts, the update that Mina makes of a fee payer.
 *
 * Without children: the signature covers the fee payer and what follows it, not what is under it, so anybody could put
 * updates there. Negative: a fee payer that takes in would mint.
 */
export function checkFeePayer({ update, children }: SignedStep, starts: Bool): void {
  const form = update.isNegative
    .and(update.incrementNonce)
    .and(update.useFullCommitment)
    .and(update.implicitAccountCreationFee)
    .and(update.isSigned)
    .and(isExact(update.nonce))
    .and(update.slot.isSome)
    .and(update.slot.lower.value.equals(0))
    .and(update.parentsOwnToken.or(update.inheritFromParent).not());
  starts.implies(form).assertTrue(LedgerErrors.feePayerForm);
  starts.implies(children.equals(0)).assertTrue(LedgerErrors.feePayerChildren);
}

/** Whether the interval allows one value only. */
export function isExact({ isSome, lower, upper }: OptionalInterval): Bool {
  return isSome.and(lower.value.equals(upper.value));
}

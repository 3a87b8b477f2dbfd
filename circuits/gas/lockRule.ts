import { type Field, Gadgets, UInt64 } from "o1js";
import { MIN_GAS_LOCK } from "../../protocol/index.ts";
import { GasErrors } from "./GasErrors.ts";

/**
 * The rule of `lock`, on circuit variables and constants alike. Twins: `checkedGasLock`, `gasLockFields` in protocol/.
 *
 * Proves: the recipient is an address other than zero, the amount at least the least one. Leaves to the caller: that the
 * account's balance rises by exactly this amount, and that the amount has 64 bits.
 * @returns the fields of the action that records it
 */
export function lockRule(recipient: Field, amount: UInt64): Field[] {
  Gadgets.rangeCheckN(160, recipient, GasErrors.recipientTooLarge);
  recipient.equals(0).assertFalse(GasErrors.noRecipient);
  amount.assertGreaterThanOrEqual(UInt64.from(MIN_GAS_LOCK), GasErrors.tooLittle);
  return [recipient, amount.value];
}

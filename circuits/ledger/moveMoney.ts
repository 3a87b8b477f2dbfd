import { Bool, Field, Provable } from "o1js";
import { assertFits } from "./assertFits.ts";
import type { LedgerContext } from "./LedgerContext.ts";
import { LedgerErrors } from "./LedgerErrors.ts";
import type { Execution, SignedStep } from "./SignedStep.ts";

/**
 * Adds up what an update moves. What a command takes out of accounts it must put into others, but for its fee, which
 * joins the collected fees at once, and the creation fees of its new accounts, which do when it ends.
 *
 * A creation fee comes out of what a new account gets (implicit) or out of the command's excess. Nothing is minted:
 * balances + excess − supply + fees is the same before and after.
 *
 * @returns `change` of the account's balance, and the new excess, supply and fees; nanomina, as field elements
 */
export function moveMoney(
  context: LedgerContext,
  { state, local }: Execution,
  at: { readonly step: SignedStep; readonly starts: Bool; readonly ends: Bool },
) {
  const { update, isNew } = at.step;
  isNew.and(at.starts).assertFalse(LedgerErrors.feePayerNew);
  const amount = update.amount.value;
  const signed = Provable.if(update.isNegative, amount.neg(), amount);
  const creationFee = isNew.toField().mul(context.creationFee.value).seal();
  const implicit = update.implicitAccountCreationFee.toField().mul(creationFee).seal();

  const moved = local.excess.sub(signed).sub(creationFee.sub(implicit)).seal();
  const excess = Provable.if(at.starts, Field(0), moved);
  assertAmount(excess, LedgerErrors.excessOutOfRange);
  at.ends.toField().mul(excess).assertEquals(0, LedgerErrors.excessNotZero);

  // No range to check: each addend has 64 bits, and no command has 2^64 updates.
  const supply = local.supply.sub(creationFee).seal();
  const fee = at.starts.toField().mul(amount);
  const burnt = at.ends.toField().mul(supply);
  const fees = state.fees.value.add(fee).sub(burnt).seal();
  assertFits(fees, 64, LedgerErrors.feesOutOfRange);
  return { change: signed.sub(implicit).seal(), excess, supply, fees };
}

/** Asserts −2^64 < value < 2^64, as in Mina, where an amount has 64 bits and a sign. */
function assertAmount(value: Field, text: string): void {
  // The prover's choice, which the range check leaves one way to make.
  const isNegative = Provable.witness(Bool, () => Bool(value.toBigInt() > Field.ORDER / 2n));
  assertFits(Provable.if(isNegative, value.neg(), value), 64, text);
}

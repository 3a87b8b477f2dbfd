import { type Bool, type Field, Provable, PublicKey } from "o1js";
import { isExact } from "./checkForm.ts";
import { LedgerErrors } from "./LedgerErrors.ts";
import type { SignedStep } from "./SignedStep.ts";

/** A key on the curve, whose owner is of no matter: nothing that it signs is looked at. */
const DUMMY_KEY = PublicKey.from({ x: 1n, isOdd: false });

/**
 * Demands the signature of a signed update, and that it is good once only.
 *
 * Signed updates are tied to a nonce that they move on, their own or (with full commitment) the fee payer's.
 * The key of an unsigned update never becomes a point, so it may lie off the curve: money can go there. A signed one's
 * must, so nobody signs for such a key.
 */
export function checkAuthorization(
  { update, signature }: SignedStep,
  turn: { readonly starts: Bool; readonly commitment: Field; readonly fullCommitment: Field },
): void {
  const { isSigned } = update;
  const key = Provable.if(isSigned, PublicKey, update.publicKey, DUMMY_KEY);
  const message = Provable.if(update.useFullCommitment, turn.fullCommitment, turn.commitment);
  // Mina refuses a commitment at infinity, which o1js takes for the point (0, 0).
  const valid = signature.verify(key, [message]).and(signature.r.equals(0).not());
  isSigned.implies(valid).assertTrue(LedgerErrors.badSignature);
  const ownNonce = update.incrementNonce.and(isExact(update.nonce));
  const feePayersNonce = update.useFullCommitment.and(turn.starts.not());
  isSigned.implies(ownNonce.or(feePayersNonce)).assertTrue(LedgerErrors.replayable);
}

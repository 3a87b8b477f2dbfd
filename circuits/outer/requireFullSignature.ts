import { type AccountUpdate, Bool, Core, Field } from "o1js";

/**
 * Demands a signature over the whole transaction, memo and fee payer included, and nothing of the account's nonce:
 * such a signature is good in this transaction alone.
 *
 * Not o1js' `requireSignature`: it chooses between nonce and full commitment by the fee payer and a nonce that it asks
 * the network for, both witnesses that nothing binds in a circuit.
 */
export function requireFullSignature(update: AccountUpdate): void {
  update.body.useFullCommitment = Bool(true);
  update.body.incrementNonce = Bool(false);
  update.body.authorizationKind = {
    isSigned: Bool(true),
    isProved: Bool(false),
    verificationKeyHash: Field(Core.Constants.mocks.dummyVerificationKeyHash),
  };
  update.authorization = {};
  update.lazyAuthorization = { kind: "lazy-signature" };
}

import { Field, Poseidon, PublicKey, Struct, UInt32, UInt64 } from "o1js";
import { tags } from "../../protocol/index.ts";

/**
 * What is fixed for a deployment and not a circuit constant, so that verification keys are the same everywhere.
 * Every branch copies its hash, `ctx`; the wrapper pins it to the statement's domain and the genesis.
 */
export class LedgerContext extends Struct({
  /** `domainHash` of protocol/. */
  domain: Field,
  /** Nonce of a new account: 2^31, so that no signed command is good on both L1 and L2. */
  nonceBase: UInt32,
  /** Price of a new account, nanomina. */
  creationFee: UInt64,
  /** Key of the inner account, which stands at index 0. */
  innerKey: PublicKey,
  innerVerificationKeyHash: Field,
}) {
  hash(): Field {
    return Poseidon.hashWithPrefix(tags.context, [
      this.domain,
      this.nonceBase.value,
      this.creationFee.value,
      this.innerKey.x,
      this.innerKey.isOdd.toField(),
      this.innerVerificationKeyHash,
    ]);
  }
}

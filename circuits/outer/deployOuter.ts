import { AccountUpdate, Field, Permissions, UInt64, type VerificationKey } from "o1js";
import { L1_CREATION_FEE, type OuterState, outerFields } from "../../protocol/index.ts";
import { closedPermissions, newContract, signedUpdate } from "./newContract.ts";

export interface DeployInput {
  /** The outer account. Its key signs this transaction, and nothing after it. */
  readonly outerKey: string;
  /** Pays the account creation fee and brings the allocations. */
  readonly payer: string;
  /** Σ allocations of the genesis, nanomina. */
  readonly allocated: bigint;
  readonly state: OuterState;
  readonly verificationKey: VerificationKey;
}

/**
 * Each permission on purpose. What only the contract's methods may do needs a proof; what no method does is closed.
 * `access`: or anybody could parent, and so rewrite, the helper accounts of this account's token.
 * `receive`: MINA comes in by a deposit alone, which is recorded.
 * `setVerificationKey`: after a hard fork Mina treats it as a signature's, so the key stays in custody.
 */
export function outerPermissions(): Permissions {
  return {
    editState: Permissions.proof(),
    access: Permissions.proof(),
    editActionState: Permissions.proof(),
    send: Permissions.proof(),
    receive: Permissions.proof(),
    setVerificationKey: Permissions.VerificationKey.proofDuringCurrentVersion(),
    ...closedPermissions(),
  };
}

/**
 * The account updates that deploy the outer account. All eight fields, all permissions, the
 * key and the allocations at once, on an account that must be new; afterwards no signature can change anything.
 */
export function deployOuter(input: DeployInput): AccountUpdate[] {
  const { allocated, verificationKey } = input;
  const payer = signedUpdate(input.payer);
  payer.balance.subInPlace(UInt64.from(allocated + L1_CREATION_FEE));
  const outer = newContract(input.outerKey, verificationKey, outerPermissions());
  for (const [i, value] of outerFields(input.state).entries())
    AccountUpdate.setValue(outer.body.update.appState[i]!, Field(value));
  outer.balance.addInPlace(UInt64.from(allocated));
  return [payer, outer];
}

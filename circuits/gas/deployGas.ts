import { type AccountUpdate, Permissions, UInt64, type VerificationKey } from "o1js";
import { L1_CREATION_FEE } from "../../protocol/index.ts";
import { closedPermissions, newContract, signedUpdate } from "../outer/index.ts";

export interface DeployGasInput {
  /** The account, base58. Its key signs this transaction, and nothing after it. */
  readonly gasKey: string;
  /** Pays for the new account, base58. */
  readonly payer: string;
  readonly verificationKey: VerificationKey;
}

/**
 * Each permission on purpose. `lock` needs `access`, `receive` and `editActionState`, by proof; everything else is closed for
 * good, sending above all.
 * `receive`: MINA that came in without a record would make the balance say more than the actions.
 * `setVerificationKey`: after a hard fork Mina treats it as a signature's, so the key stays in custody; validators certify
 * nothing under another verification key than the one in their genesis file.
 */
export function gasPermissions(): Permissions {
  return {
    access: Permissions.proof(),
    receive: Permissions.proof(),
    editActionState: Permissions.proof(),
    send: Permissions.impossible(),
    editState: Permissions.impossible(),
    setVerificationKey: Permissions.VerificationKey.impossibleDuringCurrentVersion(),
    ...closedPermissions(),
  };
}

/**
 * The account updates that deploy DaGas: key and all permissions at once, on an account that must be new. Afterwards no
 * signature can change anything, and it holds nothing yet.
 */
export function deployGas({ gasKey, payer, verificationKey }: DeployGasInput): AccountUpdate[] {
  const paying = signedUpdate(payer);
  paying.balance.subInPlace(UInt64.from(L1_CREATION_FEE));
  return [paying, newContract(gasKey, verificationKey, gasPermissions())];
}

import { AccountUpdate, Bool, Permissions, PublicKey, type VerificationKey } from "o1js";
import { requireFullSignature } from "./requireFullSignature.ts";

/** What no contract of ours lets anybody do, ever. */
export function closedPermissions() {
  return {
    setDelegate: Permissions.impossible(),
    setPermissions: Permissions.impossible(),
    setZkappUri: Permissions.impossible(),
    setTokenSymbol: Permissions.impossible(),
    incrementNonce: Permissions.impossible(),
    setVotingFor: Permissions.impossible(),
    setTiming: Permissions.impossible(),
  };
}

/** An update that makes a contract's account: it must be new, and key and permissions are there at once. Its key signs. */
export function newContract(
  key: string,
  verificationKey: VerificationKey,
  permissions: Permissions,
): AccountUpdate {
  const update = signedUpdate(key);
  update.account.isNew.requireEquals(Bool(true));
  update.account.verificationKey.set(verificationKey);
  update.account.permissions.set(permissions);
  return update;
}

/** An update that its account's key signs, over the whole transaction. */
export function signedUpdate(key: string): AccountUpdate {
  const update = AccountUpdate.create(PublicKey.fromBase58(key));
  requireFullSignature(update);
  return update;
}

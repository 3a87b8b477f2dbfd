import type { AuthRequired, PermissionName } from "../account.ts";

/**
 * What the L1 account in which MINA is locked for gas lets whom do, for good: `lock` needs `access`, `receive` and
 * `editActionState`, by proof; nobody may do anything else, sending above all.
 */
export const gasAccountPermissions: Readonly<Record<PermissionName, AuthRequired>> = {
  access: "proof",
  receive: "proof",
  editActionState: "proof",
  send: "impossible",
  editState: "impossible",
  setDelegate: "impossible",
  setPermissions: "impossible",
  setVerificationKey: "impossible",
  setZkappUri: "impossible",
  setTokenSymbol: "impossible",
  incrementNonce: "impossible",
  setVotingFor: "impossible",
  setTiming: "impossible",
};

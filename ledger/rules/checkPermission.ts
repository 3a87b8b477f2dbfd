import type { Account, AuthRequired, PermissionName } from "../../protocol/index.ts";
import { ExecutionError } from "../errors/ExecutionError.ts";
import type { RuleUpdate } from "./RuleUpdate.ts";

/** Mina's `Auth_required.check` for updates without a proof. */
export function permits(needs: AuthRequired, isSigned: boolean): boolean {
  switch (needs) {
    case "none":
      return true;
    case "either":
    case "signature":
      return isSigned;
    case "proof":
    case "impossible":
      return false;
  }
}

/** @throws {ExecutionError} `EXECUTION_NOT_PERMITTED` */
export function checkPermission(account: Account, permission: PermissionName, update: RuleUpdate): void {
  const needs = account.permissions[permission];
  if (!permits(needs, update.signature !== null))
    throw new ExecutionError("EXECUTION_NOT_PERMITTED", { position: update.position, permission, needs });
}

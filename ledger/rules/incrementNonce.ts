import { type Account, MAX_UINT32 } from "../../protocol/index.ts";
import { ExecutionError } from "../errors/ExecutionError.ts";
import { checkPermission } from "./checkPermission.ts";
import type { RuleUpdate } from "./RuleUpdate.ts";

/**
 * Nonce after an update. Unlike Mina's it never wraps: a nonce that came back to 0 would let old signatures in again.
 * @throws {ExecutionError} `EXECUTION_NOT_PERMITTED`, `EXECUTION_NONCE_EXHAUSTED`
 */
export function incrementNonce(account: Account, update: RuleUpdate): bigint {
  if (!update.incrementNonce) return account.nonce;
  checkPermission(account, "incrementNonce", update);
  if (account.nonce === MAX_UINT32)
    throw new ExecutionError("EXECUTION_NONCE_EXHAUSTED", { position: update.position });
  return account.nonce + 1n;
}

import type { Account } from "../../protocol/index.ts";
import { ExecutionError } from "../errors/ExecutionError.ts";
import type { RuleContext, RuleUpdate } from "./RuleUpdate.ts";

/**
 * Nonce and slot preconditions, bounds included. The nonce is the account's before this update; a new account's is the
 * nonce base.
 * @throws {ExecutionError} `EXECUTION_NONCE`, `EXECUTION_SLOT`
 */
export function checkPreconditions(account: Account, update: RuleUpdate, { slot }: RuleContext): void {
  const { position, nonce, slots } = update;
  if (nonce && (account.nonce < nonce.lower || account.nonce > nonce.upper))
    throw new ExecutionError("EXECUTION_NONCE", { position, nonce: account.nonce, ...nonce });
  if (slots && (slot < slots.lower || slot > slots.upper))
    throw new ExecutionError("EXECUTION_SLOT", { position, slot, ...slots });
}

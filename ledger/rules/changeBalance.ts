import { type Account, MAX_UINT64 } from "../../protocol/index.ts";
import { ExecutionError } from "../errors/ExecutionError.ts";
import { checkPermission } from "./checkPermission.ts";
import type { RuleContext, RuleUpdate } from "./RuleUpdate.ts";

/**
 * Balance after an update. A new account with the implicit fee pays it out of what it receives; without it, the command's
 * excess pays. Taking asks for `send`, giving for `receive`, zero for neither.
 * @param isNew whether this update creates the account
 * @returns nanomina
 * @throws {ExecutionError} `EXECUTION_CREATION_FEE`, `EXECUTION_BALANCE`, `EXECUTION_NOT_PERMITTED`
 */
export function changeBalance(
  account: Account,
  isNew: boolean,
  update: RuleUpdate,
  context: RuleContext,
): bigint {
  const { position } = update;
  const paysImplicitly = isNew && update.implicitAccountCreationFee;
  const change = paysImplicitly ? update.balanceChange - context.creationFee : update.balanceChange;
  if (paysImplicitly && change < 0n)
    throw new ExecutionError("EXECUTION_CREATION_FEE", {
      position,
      amount: update.balanceChange,
      fee: context.creationFee,
    });
  const balance = account.balance + change;
  if (balance < 0n || balance > MAX_UINT64)
    throw new ExecutionError("EXECUTION_BALANCE", { position, balance: account.balance, change });
  if (change !== 0n) checkPermission(account, change < 0n ? "send" : "receive", update);
  return balance;
}

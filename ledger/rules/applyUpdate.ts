import type { Account } from "../../protocol/index.ts";
import { defaultAccount } from "../defaultAccount.ts";
import { ExecutionError } from "../errors/ExecutionError.ts";
import { changeBalance } from "./changeBalance.ts";
import { checkPermission } from "./checkPermission.ts";
import { checkPreconditions } from "./checkPreconditions.ts";
import { checkReplay } from "./checkReplay.ts";
import { extendReceiptChain } from "./extendReceiptChain.ts";
import { incrementNonce } from "./incrementNonce.ts";
import type { RuleContext, RuleUpdate } from "./RuleUpdate.ts";

/**
 * Applies one account update to one account: Mina's zkApp rules, for untimed accounts, without proofs and without changes
 * other than balance and nonce. Signatures are checked elsewhere, since the same one often covers several updates.
 *
 * @param before null: there is no such account, and this update creates it
 * @throws {ExecutionError}
 * Source: MinaProtocol/mina, src/lib/transaction_logic/zkapp_command_logic.ml (`apply`)
 */
export function applyUpdate(
  before: Account | null,
  update: RuleUpdate,
  fullCommitment: bigint,
  context: RuleContext,
): Account {
  const { position } = update;
  const isNew = before === null;
  const account = before ?? defaultAccount(update.publicKey, context.nonceBase);
  if (account.timing !== null) throw new ExecutionError("EXECUTION_TIMED", { position });
  checkPreconditions(account, update, context);
  checkReplay(update);
  const balance = changeBalance(account, isNew, update, context);
  checkPermission(account, "access", update);
  const nonce = incrementNonce(account, update);
  const receiptChainHash = extendReceiptChain(account, update, fullCommitment);
  return { ...account, balance, nonce, receiptChainHash };
}

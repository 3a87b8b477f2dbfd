import { type Account, hash } from "../../protocol/index.ts";
import type { RuleUpdate } from "./RuleUpdate.ts";

/**
 * Receipt chain hash after an update: authorised updates append the full commitment and their position.
 * Source: MinaProtocol/mina, receipt.ml (`cons_zkapp_command_commitment`)
 */
export function extendReceiptChain(account: Account, update: RuleUpdate, fullCommitment: bigint): bigint {
  if (update.signature === null) return account.receiptChainHash;
  return hash("CodaReceiptUC*******", [fullCommitment, account.receiptChainHash, BigInt(update.position)]);
}

import {
  type Account,
  INNER_KEY,
  MAX_UINT64,
  type PublicKey,
  publicKeyToBase58,
  samePublicKey,
} from "../../protocol/index.ts";
import { ExecutionError } from "../errors/ExecutionError.ts";
import { permits } from "./checkPermission.ts";

/**
 * The end of a batch: the collected fees go to the account that its header names. It must exist, be open to receive
 * without authorisation, untimed, and not the inner account, whose balance the bridge counts on.
 * @throws {ExecutionError} `EXECUTION_FEE_RECIPIENT`
 */
export function payFees(recipient: PublicKey, account: Account | null, amount: bigint): Account {
  const refuse = (reason: string) =>
    new ExecutionError("EXECUTION_FEE_RECIPIENT", { key: publicKeyToBase58(recipient), reason });
  if (samePublicKey(recipient, INNER_KEY)) throw refuse("it is the inner account");
  if (account === null) throw refuse("it has no account here");
  if (account.timing !== null) throw refuse("it has a vesting schedule");
  const { access, receive } = account.permissions;
  if (!permits(access, false) || !permits(receive, false)) throw refuse("its permissions do not let it");
  if (account.balance + amount > MAX_UINT64) throw refuse("its balance would pass 2^64 - 1");
  return { ...account, balance: account.balance + amount };
}

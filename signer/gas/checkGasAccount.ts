import type { L1Account } from "../../l1/index.ts";
import { type GasDeployment, gasAccountPermissions, permissionNames } from "../../protocol/index.ts";
import { SignerError } from "../SignerError.ts";

/**
 * Whether the account is what its deployment made it: the contract's key, and each of Mina's permissions. With any other, its
 * actions may not be all that came in, or its MINA may go out again.
 * @throws {SignerError} `SIGNER_GAS_ACCOUNT`
 */
export function checkGasAccount(
  account: L1Account | null,
  { verificationKeyHash }: Pick<GasDeployment, "verificationKeyHash">,
): { readonly actionState: bigint; readonly balance: bigint } {
  const wrong = (what: string) => new SignerError("SIGNER_GAS_ACCOUNT", { what });
  const zkapp = account?.zkapp;
  if (!account || !zkapp) throw wrong("is no contract");
  if (zkapp.verificationKeyHash !== verificationKeyHash) throw wrong("has another verification key");
  for (const name of permissionNames) {
    const found = account.permissions[name]?.toLowerCase();
    if (found !== gasAccountPermissions[name])
      throw wrong(`has ${found ?? "nothing"} as permission ${name}, not ${gasAccountPermissions[name]}`);
  }
  return { actionState: zkapp.actionState[0]!, balance: account.balance };
}

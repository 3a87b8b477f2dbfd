import { getCreateAddress } from "ethers";
import type { PublicKey } from "../protocol/index.ts";
import type { Clock, EvmKey } from "../service/index.ts";
import { gasVaultArtifact } from "./contracts.generated.ts";
import type { Hex } from "./DaTypes.ts";
import { DaError } from "./errors/DaError.ts";
import { createContract, createProxy } from "./rpc/createContract.ts";
import { JsonRpc } from "./rpc/JsonRpc.ts";
import { quantity } from "./rpc/readAnswer.ts";
import { TransactionSender } from "./rpc/TransactionSender.ts";

export interface DeployGasVaultOptions {
  /** JSON-RPC address of a node. */
  readonly url: string;
  /** An account that has never sent a transaction, and sends these two: that makes the vault's address known before. */
  readonly key: EvmKey;
  /** Who may upgrade and set limits: the timelock. */
  readonly owner: Hex;
  /** Who may pause. */
  readonly guardian: Hex;
  readonly validatorSet: Hex;
  /** `tagToField(networkId)` */
  readonly minaNetwork: bigint;
  /** The L1 account in which MINA is locked. */
  readonly gasKey: PublicKey;
  /** Most that one period pays, nanomina. */
  readonly cap: bigint;
  readonly periodSeconds: bigint;
  /** Pause between two looks for a receipt, in milliseconds. Default 200. */
  readonly receiptPollMs?: number;
}

/** Its code first, then the proxy. */
const PROXY_NONCE = 1;

/** Where the vault of this deployer will be: genesis of the DA chain gives coins to this address. */
export function gasVaultAddress(deployer: string): Hex {
  return getCreateAddress({ from: deployer, nonce: PROXY_NONCE }).toLowerCase() as Hex;
}

/**
 * Deploys the vault behind its proxy.
 * @returns the proxy's address, {@link gasVaultAddress} of the key's account
 * @throws {DaError} `DA_DEPLOYER_USED`, and those of `TransactionSender`
 */
export async function deployGasVault(
  options: DeployGasVaultOptions,
  { clock }: { readonly clock: Clock },
): Promise<Hex> {
  const { url, key, receiptPollMs = 200 } = options;
  const rpc = new JsonRpc({ url });
  const chainId = quantity(await rpc.ask("eth_chainId"), "chain id");
  const sender = new TransactionSender({ chainId, key, receiptPollMs }, { rpc, clock });
  const used = quantity(await rpc.ask("eth_getTransactionCount", [sender.account, "latest"]), "nonce");
  if (used !== 0n) throw new DaError("DA_DEPLOYER_USED", { account: sender.account });
  const implementation = await createContract(sender, gasVaultArtifact, []);
  return await createProxy(sender, implementation, gasVaultArtifact, [
    options.owner,
    options.guardian,
    options.validatorSet,
    options.minaNetwork,
    options.gasKey,
    options.cap,
    options.periodSeconds,
  ]);
}

/** Gives the vault coins, from any account: where genesis has given it none. */
export async function fundGasVault(
  { url, key, vault, units }: { url: string; key: EvmKey; vault: Hex; units: bigint },
  { clock }: { readonly clock: Clock },
): Promise<void> {
  const rpc = new JsonRpc({ url });
  const chainId = quantity(await rpc.ask("eth_chainId"), "chain id");
  const sender = new TransactionSender({ chainId, key }, { rpc, clock });
  await sender.send({ to: vault, data: "0x", value: units });
}

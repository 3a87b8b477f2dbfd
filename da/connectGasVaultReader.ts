import type { Hex } from "./DaTypes.ts";
import { EthersGasVaultReader } from "./EthersGasVaultReader.ts";
import { DaError } from "./errors/DaError.ts";
import type { GasVaultReader } from "./GasVault.ts";
import { JsonRpc } from "./rpc/JsonRpc.ts";
import { quantity } from "./rpc/readAnswer.ts";

export interface ConnectGasVaultOptions {
  /** JSON-RPC address of a node. */
  readonly url: string;
  readonly chainId: bigint;
  readonly address: Hex;
  /** `gasDomainHash` that the vault must pay for. */
  readonly domain: bigint;
}

/**
 * A vault to read, once the node has shown that it is the one that is meant.
 * @throws {DaError} `DA_WRONG_CHAIN`, `DA_WRONG_CONTRACTS`, and those of `JsonRpc`
 */
export async function connectGasVaultReader(options: ConnectGasVaultOptions): Promise<GasVaultReader> {
  const { url, chainId, address } = options;
  const rpc = new JsonRpc({ url });
  const actual = quantity(await rpc.ask("eth_chainId"), "chain id");
  if (actual !== chainId) throw new DaError("DA_WRONG_CHAIN", { expected: chainId, actual });
  if ((await rpc.ask("eth_getCode", [address, "latest"])) === "0x")
    throw new DaError("DA_WRONG_CONTRACTS", { address, reason: "holds no contract" });
  const vault = new EthersGasVaultReader({ address }, { rpc });
  if ((await vault.domain()) !== options.domain)
    throw new DaError("DA_WRONG_CONTRACTS", { address, reason: "pays for another L1 account" });
  return vault;
}

import assert from "node:assert/strict";
import type { HardhatEthers } from "@nomicfoundation/hardhat-ethers/types";
import type { BaseContract, Contract, Interface } from "ethers";
import hre from "hardhat";

/**
 * A chain of its own in this process, mining each transaction at once; or, with `ZEKO_TEST_RPC` and `ZEKO_TEST_KEYS` (private
 * keys with commas between), a node that runs already. Files that ask it for nothing but Ethereum's own methods are listed in
 * `portableContractTests`.
 */
export async function contractNetwork() {
  const { ethers, provider } = await hre.network.create(process.env.ZEKO_TEST_RPC ? "remote" : "default");
  return { ethers, provider };
}

/** Contract tests that turn no clock, count on no chain id, and send nothing but deployments. */
export const portableContractTests = ["minaSchnorr", "pallas"] as const;

export async function deploy(ethers: HardhatEthers, name: string, ...args: unknown[]): Promise<Contract> {
  const contract = await ethers.deployContract(name, args);
  return (await contract.waitForDeployment()) as BaseContract as Contract;
}

/** Deploys `name` behind the product's proxy, initialised in the same transaction. */
export async function deployBehindProxy(
  ethers: HardhatEthers,
  name: string,
  ...initialization: unknown[]
): Promise<Contract> {
  const implementation = await deploy(ethers, name);
  const data = implementation.interface.encodeFunctionData("initialize", initialization);
  const proxy = await deploy(ethers, "ZekoProxy", await implementation.getAddress(), data);
  return (await ethers.getContractAt(name, await proxy.getAddress())) as BaseContract as Contract;
}

/** For `assert.rejects`: the call reverted with exactly this custom error and, where given, these arguments. */
export function revertsWith(
  source: { readonly interface: Interface },
  name: string,
  args?: readonly unknown[],
) {
  return (error: unknown) => {
    const data = revertData(error);
    assert.ok(data !== undefined, `no revert data: ${error}`);
    const parsed = source.interface.parseError(data);
    assert.equal(parsed?.name, name, String(error));
    if (args) assert.deepEqual(parsed!.args.toArray(true).map(plain), args.map(plain));
    return true;
  };
}

/** Calls carry it in the error, transactions in its cause or in an object. */
function revertData(error: unknown): string | undefined {
  if (typeof error === "string" && /^0x[0-9a-f]{8,}$/i.test(error)) return error;
  if (error === null || typeof error !== "object") return undefined;
  const { data, cause } = error as { data?: unknown; cause?: unknown };
  return revertData(data) ?? revertData(cause);
}

function plain(value: unknown): unknown {
  return typeof value === "number" ? BigInt(value) : value;
}

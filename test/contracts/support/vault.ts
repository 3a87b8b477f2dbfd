import type { HardhatEthers, HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { Contract } from "ethers";
import {
  GAS_UNITS_PER_NANOMINA,
  type GasTotal,
  gasDomainHash,
  gasMessage,
  tagToField,
  validatorSetHash,
} from "../../../protocol/index.ts";
import { type FixedKey, fixedKey, fixedKeys, type VoteInput, votes } from "./minaKeys.ts";
import { contractNetwork, deployBehindProxy } from "./network.ts";

export const MINA = 1_000_000_000n;
export const COIN = MINA * GAS_UNITS_PER_NANOMINA;
export const GAS_KEY = fixedKey(9_999n);
export const MINA_NETWORK = tagToField("mina:devnet");
export const CAP = 100n * MINA;
export const PERIOD = 86_400n;
export const STOCK = 1_000n * COIN;

/** A vault with a set of four, of whom three are a quorum. */
export interface VaultFixture {
  readonly ethers: HardhatEthers;
  readonly vault: Contract;
  readonly set: Contract;
  readonly keys: readonly FixedKey[];
  readonly owner: HardhatEthersSigner;
  readonly guardian: HardhatEthersSigner;
  readonly stranger: HardhatEthersSigner;
  readonly domain: bigint;
}

export interface VaultChanges {
  readonly cap?: bigint;
  readonly period?: bigint;
  readonly gasKey?: FixedKey;
  readonly minaNetwork?: bigint;
  readonly stock?: bigint;
}

export async function vaultFixture(changes: VaultChanges = {}): Promise<VaultFixture> {
  const { ethers } = await contractNetwork();
  const [owner, guardian, stranger] = (await ethers.getSigners()) as HardhatEthersSigner[];
  const keys = fixedKeys(4);
  const members = keys.map(({ x, y }) => ({ x, y, weight: 1n }));
  const set = await deployBehindProxy(
    ethers,
    "RotatingValidatorSet",
    owner!.address,
    owner!.address,
    members,
    3n,
    0n,
    1n,
    1_000n,
  );
  const people = { owner: owner!, guardian: guardian!, stranger: stranger! };
  const vault = await deployVault({ ethers, set, ...people }, changes);
  const domain = await domainOfVault(vault, changes);
  return { ethers, vault, set, keys, ...people, domain };
}

export async function deployVault(
  { ethers, set, owner, guardian }: Pick<VaultFixture, "ethers" | "set" | "owner" | "guardian">,
  {
    cap = CAP,
    period = PERIOD,
    gasKey = GAS_KEY,
    minaNetwork = MINA_NETWORK,
    stock = STOCK,
  }: VaultChanges = {},
): Promise<Contract> {
  const place = [owner.address, guardian.address, await set.getAddress()];
  const names = [minaNetwork, gasKey.publicKey, cap, period];
  const vault = await deployBehindProxy(ethers, "GasVault", ...place, ...names);
  if (stock > 0n) await owner.sendTransaction({ to: await vault.getAddress(), value: stock });
  return vault;
}

export async function domainOfVault(
  vault: Contract,
  { gasKey = GAS_KEY, minaNetwork = MINA_NETWORK }: VaultChanges = {},
): Promise<bigint> {
  return gasDomainHash({
    minaNetwork,
    gasKey: gasKey.publicKey,
    daChainId: 31_337n,
    vault: BigInt(await vault.getAddress()),
  });
}

/** Hash of the fixture's set in an epoch. */
export function setHashOf({ keys }: Pick<VaultFixture, "keys">, epoch = 0n): bigint {
  const members = keys.map(({ publicKey }) => ({ publicKey, weight: 1n }));
  return validatorSetHash({ epoch, threshold: 3n, members });
}

/** Votes of the given slots for a total. */
export function gasVotes(
  fixture: Pick<VaultFixture, "keys" | "domain">,
  total: GasTotal,
  slots: readonly number[] = [0, 1, 2],
  epoch = 0n,
): VoteInput[] {
  return votes(fixture.keys, slots, gasMessage(setHashOf(fixture, epoch), fixture.domain, total));
}

import { readFileSync } from "node:fs";

/** Contracts that are deployed; interfaces and libraries come with them. */
export const contractNames = [
  "BatchInbox",
  "ChunkGate",
  "DaFees",
  "GasVault",
  "ValidatorSet",
  "ZekoProxy",
  "ZekoTimelock",
] as const;
export type ContractName = (typeof contractNames)[number];

/** What `hardhat build` leaves of a contract. */
export interface ContractArtifact {
  readonly abi: readonly AbiEntry[];
  readonly bytecode: string;
  readonly deployedBytecode: string;
}
export interface AbiEntry {
  readonly type: string;
  readonly name?: string;
}

export function contractArtifact(name: ContractName): ContractArtifact {
  const path = new URL(`../../artifacts/contracts/${name}.sol/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(path, "utf8")) as ContractArtifact;
}

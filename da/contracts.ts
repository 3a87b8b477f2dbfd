import { Interface } from "ethers";
import {
  batchInboxArtifact,
  chunkGateArtifact,
  daFeesArtifact,
  gasVaultArtifact,
  validatorSetArtifact,
} from "./contracts.generated.ts";

export const inboxInterface = new Interface(batchInboxArtifact.abi);
export const gateInterface = new Interface(chunkGateArtifact.abi);
export const feesInterface = new Interface(daFeesArtifact.abi);
export const gasVaultInterface = new Interface(gasVaultArtifact.abi);
export const validatorSetInterface = new Interface(validatorSetArtifact.abi);

/** Name and arguments of the custom error in revert data. */
export interface Revert {
  readonly name: string;
  readonly args: readonly string[];
}

/** The contracts call each other, so any error of any can come back from any call. */
export function readRevert(data: string): Revert {
  for (const contract of [
    inboxInterface,
    gateInterface,
    feesInterface,
    gasVaultInterface,
    validatorSetInterface,
  ]) {
    const found = parse(contract, data);
    if (found) return found;
  }
  return { name: data.length > 2 ? `unknown error ${data.slice(0, 10)}` : "no reason", args: [] };
}

function parse(contract: Interface, data: string): Revert | undefined {
  try {
    const error = contract.parseError(data);
    return error ? { name: error.name, args: error.args.map(String) } : undefined;
  } catch {
    return undefined; // too short for its own selector
  }
}

import { readFile } from "node:fs/promises";
import type { DaAddresses } from "../../da/index.ts";
import { type GasDeployment, type Genesis, genesisFromJson } from "../../protocol/index.ts";
import { ConfigError } from "../../service/index.ts";

/**
 * Reads a genesis file.
 *
 * @throws {ConfigError} `CONFIG_FILE_UNREADABLE`, `CONFIG_FILE_NOT_JSON`; {GenesisError}
 */
export async function readGenesis(file: string): Promise<Genesis> {
  const text = await readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new ConfigError("CONFIG_FILE_UNREADABLE", { file, reason: cause.code ?? cause.name }, { cause });
  });
  return genesisFromJson(parse(file, text));
}

/** Where a deployment's contracts are on the DA chain. */
export function daAddressesOf({ da }: Genesis): DaAddresses {
  const address = (value: bigint) => `0x${value.toString(16).padStart(40, "0")}` as const;
  return { chainId: da.chainId, inbox: address(da.inbox), validatorSet: address(da.validatorSet) };
}

/** Where the contract is that pays gas out. */
export function gasVaultOf({ vault }: GasDeployment): `0x${string}` {
  return `0x${vault.toString(16).padStart(40, "0")}`;
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ConfigError("CONFIG_FILE_NOT_JSON", { file });
  }
}

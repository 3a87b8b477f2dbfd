import {
  type EvmKey,
  type MinaKeyPair,
  type OptionValues,
  type passwordOptions,
  readEvmKeyFile,
  readMinaKeyFile,
} from "../../service/index.ts";
import type { CliIo } from "../cli/Command.ts";
import { passwordFor } from "../keys/passwordFor.ts";

export type KeyOpener = {
  mina(file: string): Promise<MinaKeyPair>;
  da(file: string): Promise<EvmKey>;
};

/** Opens a role's key files, all under one password or each asked for. @throws {KeyError} */
export function openKeys(values: OptionValues<typeof passwordOptions>, io: Pick<CliIo, "ask">): KeyOpener {
  return {
    mina: async (file) => readMinaKeyFile(file, await passwordFor(file, values, io)),
    da: async (file) => readEvmKeyFile(file, await passwordFor(file, values, io)),
  };
}

import {
  exitCodes,
  newEvmKey,
  newMinaKeyPair,
  writeEvmKeyFile,
  writeMinaKeyFile,
} from "../../service/index.ts";
import { loadedCommand } from "../cli/Command.ts";
import { keyOptions } from "./keyOptions.ts";
import { passwordFor } from "./passwordFor.ts";

/** `zeko keys new <file>` */
export const keysNew = loadedCommand(keyOptions, async ({ values, positionals }, io) => {
  const file = positionals[0]!;
  const password = await passwordFor(file, values, io, true);
  const address = values["key-kind"] === "mina" ? await writeMina() : await writeEvm();
  io.out(`${address}\n`);
  return exitCodes.ok;

  async function writeMina() {
    const key = newMinaKeyPair();
    await writeMinaKeyFile(file, key, password);
    return key.address;
  }
  async function writeEvm() {
    const key = newEvmKey();
    await writeEvmKeyFile(file, key, password);
    return key.address;
  }
});

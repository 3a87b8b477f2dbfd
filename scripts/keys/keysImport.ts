import {
  evmKeyFromHex,
  exitCodes,
  minaKeyPairFromBase58,
  Secret,
  writeEvmKeyFile,
  writeMinaKeyFile,
} from "../../service/index.ts";
import { type CliIo, loadedCommand } from "../cli/Command.ts";
import { keyOptions } from "./keyOptions.ts";
import { passwordFor } from "./passwordFor.ts";

/** `zeko keys import <file>`. The key comes on standard input, never on the command line, which others can see. */
export const keysImport = loadedCommand(keyOptions, async ({ values, positionals }, io) => {
  const file = positionals[0]!;
  const text = new Secret((await privateKeyText(io)).trim());
  const write = values["key-kind"] === "mina" ? importMina(text, file) : importEvm(text, file);
  const address = await write(await passwordFor(file, values, io, true));
  io.out(`${address}\n`);
  return exitCodes.ok;
});

function privateKeyText({ ask, readInput }: CliIo): Promise<string> {
  return ask ? ask("Private key: ") : readInput();
}

/** Reads the key before anything is asked or written. */
function importMina(text: Secret, file: string) {
  const key = minaKeyPairFromBase58(text);
  return async (password: Secret) => {
    await writeMinaKeyFile(file, key, password);
    return key.address;
  };
}

function importEvm(text: Secret, file: string) {
  const key = evmKeyFromHex(text);
  return async (password: Secret) => {
    await writeEvmKeyFile(file, key, password);
    return key.address;
  };
}

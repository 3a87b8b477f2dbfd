import { exitCodes, passwordOptions, readKeyFile } from "../../service/index.ts";
import { loadedCommand } from "../cli/Command.ts";
import { passwordFor } from "./passwordFor.ts";

/** `zeko keys show <file>`: proves that file and password are right. The private key is never printed. */
export const keysShow = loadedCommand(passwordOptions, async ({ values, positionals }, io) => {
  const file = positionals[0]!;
  const { address } = await readKeyFile(file, await passwordFor(file, values, io));
  io.out(`${address}\n`);
  return exitCodes.ok;
});

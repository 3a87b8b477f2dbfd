import { type OptionValues, type passwordOptions, readPassword, type Secret } from "../../service/index.ts";
import type { CliIo } from "../cli/Command.ts";

/** The password of a key file, from the command's options or by asking. @throws {KeyError} */
export function passwordFor(
  file: string,
  values: OptionValues<typeof passwordOptions>,
  io: Pick<CliIo, "ask">,
  isNew = false,
): Promise<Secret> {
  const sources = { file, passwordFile: values["password-file"], password: values["key-password"], isNew };
  return readPassword(sources, io.ask);
}

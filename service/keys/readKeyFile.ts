import type { Secret } from "../config/Secret.ts";
import { type EvmKey, readEvmKeyFile } from "./evmKeyFile.ts";
import type { MinaKeyPair } from "./MinaKeyPair.ts";
import { parseJson, readMinaKeyFile } from "./minaKeyFile.ts";
import { readPrivateFile } from "./privateFile.ts";

/** Opens a key file of either kind. @throws as `readMinaKeyFile` */
export async function readKeyFile(file: string, password: Secret): Promise<MinaKeyPair | EvmKey> {
  const json = parseJson(await readPrivateFile(file), file);
  const isKeystore = typeof json === "object" && json !== null && "version" in json;
  return isKeystore ? await readEvmKeyFile(file, password) : await readMinaKeyFile(file, password);
}

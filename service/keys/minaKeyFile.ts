import type { Secret } from "../config/Secret.ts";
import { KeyError } from "../errors/KeyError.ts";
import { type MinaKeyPair, minaKeyBytes, minaKeyPairFromBytes } from "./MinaKeyPair.ts";
import { readPrivateFile, writePrivateFile } from "./privateFile.ts";
import { decryptSecretBox, encryptSecretBox } from "./secretBox.ts";

/**
 * Writes `<file>` (0600, the encrypted key) and `<file>.pub` (0644, the address), as mina-generate-keypair does, and reads
 * the key back: one that cannot be opened again must not receive funds.
 *
 * @throws {KeyError} `KEY_FILE_EXISTS`, `KEY_FILE_OPEN`, `KEY_FILE_UNUSABLE`
 */
export async function writeMinaKeyFile(file: string, key: MinaKeyPair, password: Secret): Promise<void> {
  const box = await encryptSecretBox(minaKeyBytes(key), password);
  await writePrivateFile(file, JSON.stringify(box));
  await writePrivateFile(`${file}.pub`, `${key.address}\n`, 0o644);
  const { address } = await readMinaKeyFile(file, password);
  if (address !== key.address)
    throw new KeyError("KEY_FILE_UNUSABLE", { file, reason: "reads back as another key" });
}

/**
 * Opens a key file made by us or by Mina's own tools. Takes about a second: that is the password's protection.
 *
 * @throws {KeyError} `KEY_FILE_MISSING`, `KEY_FILE_OPEN`, `KEY_FILE_UNUSABLE`, `KEY_FILE_MALFORMED`, `KEY_PASSWORD_WRONG`
 */
export async function readMinaKeyFile(file: string, password: Secret): Promise<MinaKeyPair> {
  const text = await readPrivateFile(file);
  const bytes = await decryptSecretBox(parseJson(text, file), { secretBytes: 33, password, file });
  try {
    return minaKeyPairFromBytes(bytes);
  } catch (cause) {
    throw new KeyError(
      "KEY_FILE_MALFORMED",
      { file, reason: "what it holds is not a Mina private key" },
      { cause },
    );
  }
}

/** A key file's text as JSON. @throws {KeyError} `KEY_FILE_MALFORMED` */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new KeyError("KEY_FILE_MALFORMED", { file, reason: "not JSON" });
  }
}

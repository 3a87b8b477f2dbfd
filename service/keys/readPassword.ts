import { Secret } from "../config/Secret.ts";
import { KeyError } from "../errors/KeyError.ts";
import { readPrivateFile } from "./privateFile.ts";

export type PasswordSources = {
  /** The key file that it is for: named in errors and in the question. */
  readonly file: string;
  /** A file (0600) with the password on its only line; stronger than the environment. */
  readonly passwordFile?: string | undefined;
  /** From `ZEKO_KEY_PASSWORD` or `MINA_PRIVKEY_PASS`. */
  readonly password?: Secret | undefined;
  /** For a new key: asks twice. */
  readonly isNew?: boolean;
};

/** Asks a person without showing what they type. Null where there is no terminal. */
export type AskPassword = ((question: string) => Promise<string>) | null;

/**
 * Finds the password of a key file: from a file, else from the environment, else by asking.
 *
 * @throws {KeyError} `KEY_PASSWORD_MISSING`, `KEY_PASSWORD_MISMATCH`, `KEY_FILE_MISSING`, `KEY_FILE_OPEN`
 */
export async function readPassword(sources: PasswordSources, ask: AskPassword): Promise<Secret> {
  const { file, passwordFile, password, isNew = false } = sources;
  if (passwordFile !== undefined)
    return new Secret((await readPrivateFile(passwordFile)).replace(/\r?\n$/, ""));
  if (password !== undefined) return password;
  if (!ask) throw new KeyError("KEY_PASSWORD_MISSING", { file });
  const typed = await ask(`Password for ${file}: `);
  if (isNew && (await ask("Again: ")) !== typed) throw new KeyError("KEY_PASSWORD_MISMATCH", {});
  return new Secret(typed);
}

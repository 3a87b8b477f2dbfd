import { createRequire } from "node:module";
import { fromBase58, toBase58 } from "../../protocol/index.ts";
import type { Secret } from "../config/Secret.ts";
import { KeyError } from "../errors/KeyError.ts";
import type { Sodium } from "./Sodium.ts";

/**
 * An encrypted secret as Mina's tools store it (mina-generate-keypair, the daemon's wallet): XSalsa20-Poly1305 under a key
 * made from the password by Argon2i. Byte strings are base58check with version byte 2.
 * Source: MinaProtocol/mina, src/lib/secrets/secret_box.ml
 */
export interface SecretBox {
  readonly box_primitive: "xsalsa20poly1305";
  readonly pw_primitive: "argon2i";
  /** 24 bytes */
  readonly nonce: string;
  /** 16 bytes */
  readonly pwsalt: string;
  /** Memory in bytes and number of passes. */
  readonly pwdiff: readonly [number, number];
  /** Tag of 16 bytes, then the secret encrypted. */
  readonly ciphertext: string;
}

const VERSION_BYTE = 2;
const NONCE_BYTES = 24;
const SALT_BYTES = 16;
const TAG_BYTES = 16;
/** libsodium's "moderate", which Mina's tools use: about a second. */
const MODERATE = [128 << 20, 6] as const;
/** What we are ready to spend on a file that somebody gives us; libsodium itself refuses less than the lower bounds. */
const MEMORY_BYTES = { min: 8_192, max: 1 << 30 };
const PASSES = { min: 3, max: 32 };

/**
 * Loaded on first use: 300 kB of WebAssembly that most commands never need. By `require`, since the package's ES module build
 * imports a file that it does not ship (0.7.16).
 */
async function loadSodium(): Promise<Sodium> {
  const sodium: Sodium = createRequire(import.meta.url)("libsodium-wrappers-sumo");
  await sodium.ready;
  return sodium;
}

/** Encrypts a secret under a password, with a fresh salt and nonce. */
export async function encryptSecretBox(secret: Uint8Array, password: Secret): Promise<SecretBox> {
  const sodium = await loadSodium();
  const nonce = sodium.randombytes_buf(NONCE_BYTES);
  const salt = sodium.randombytes_buf(SALT_BYTES);
  const key = deriveKey(sodium, password, salt, MODERATE);
  const ciphertext = sodium.crypto_secretbox_easy(secret, nonce, key);
  sodium.memzero(key);
  return {
    box_primitive: "xsalsa20poly1305",
    pw_primitive: "argon2i",
    nonce: toBase58(VERSION_BYTE, nonce),
    pwsalt: toBase58(VERSION_BYTE, salt),
    pwdiff: MODERATE,
    ciphertext: toBase58(VERSION_BYTE, ciphertext),
  };
}

/**
 * Opens a box that holds a secret of known length.
 *
 * @param file named in errors
 * @throws {KeyError} `KEY_FILE_MALFORMED`, `KEY_PASSWORD_WRONG`
 */
export async function decryptSecretBox(
  json: unknown,
  { secretBytes, password, file }: { secretBytes: number; password: Secret; file: string },
): Promise<Uint8Array> {
  const { nonce, salt, difficulty, ciphertext } = parseBox(json, secretBytes, file);
  const sodium = await loadSodium();
  const key = deriveKey(sodium, password, salt, difficulty);
  try {
    return sodium.crypto_secretbox_open_easy(ciphertext, nonce, key);
  } catch {
    throw new KeyError("KEY_PASSWORD_WRONG", { file });
  } finally {
    sodium.memzero(key);
  }
}

function deriveKey(
  sodium: Sodium,
  password: Secret,
  salt: Uint8Array,
  [memoryBytes, passes]: readonly [number, number],
): Uint8Array {
  return sodium.crypto_pwhash(
    sodium.crypto_secretbox_KEYBYTES,
    password.reveal(),
    salt,
    passes,
    memoryBytes,
    sodium.crypto_pwhash_ALG_ARGON2I13,
  );
}

function parseBox(json: unknown, secretBytes: number, file: string) {
  const refuse = (reason: string) => new KeyError("KEY_FILE_MALFORMED", { file, reason });
  if (typeof json !== "object" || json === null) throw refuse("not a JSON object");
  const box = json as Record<keyof SecretBox, unknown>;
  if (box.box_primitive !== "xsalsa20poly1305") throw refuse("box_primitive is not xsalsa20poly1305");
  if (box.pw_primitive !== "argon2i") throw refuse("pw_primitive is not argon2i");
  const bytes = (name: "nonce" | "pwsalt" | "ciphertext", length: number) => {
    const value = fromBase58(VERSION_BYTE, length, box[name] as string);
    if (!value) throw refuse(`${name} is not base58check of ${length} bytes`);
    return value;
  };
  return {
    nonce: bytes("nonce", NONCE_BYTES),
    salt: bytes("pwsalt", SALT_BYTES),
    ciphertext: bytes("ciphertext", TAG_BYTES + secretBytes),
    difficulty: parseDifficulty(box.pwdiff, refuse),
  };
}

function parseDifficulty(value: unknown, refuse: (reason: string) => KeyError): readonly [number, number] {
  const [memory, passes, ...rest] = Array.isArray(value) ? value : [];
  const within = (n: unknown, { min, max }: { min: number; max: number }) =>
    typeof n === "number" && Number.isSafeInteger(n) && n >= min && n <= max;
  if (rest.length > 0 || !within(memory, MEMORY_BYTES) || !within(passes, PASSES))
    throw refuse("pwdiff is missing or out of bounds");
  return [memory, passes];
}

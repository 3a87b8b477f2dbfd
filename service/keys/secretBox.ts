import { type Argon2Parameters, argon2, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { xsalsa20poly1305 } from "@noble/ciphers/salsa.js";
import { fromBase58, toBase58 } from "../../protocol/index.ts";
import type { Secret } from "../config/Secret.ts";
import { KeyError } from "../errors/KeyError.ts";

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

/** Encrypts a secret under a password, with a fresh salt and nonce. */
export async function encryptSecretBox(secret: Uint8Array, password: Secret): Promise<SecretBox> {
  const nonce = randomBytes(NONCE_BYTES);
  const salt = randomBytes(SALT_BYTES);
  const key = await deriveKey(password, salt, MODERATE);
  const ciphertext = xsalsa20poly1305(key, nonce).encrypt(secret);
  key.fill(0);
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
  const key = await deriveKey(password, salt, difficulty);
  try {
    return xsalsa20poly1305(key, nonce).decrypt(ciphertext);
  } catch {
    throw new KeyError("KEY_PASSWORD_WRONG", { file });
  } finally {
    key.fill(0);
  }
}

/** What libsodium's `crypto_pwhash` makes: Argon2i 1.3, one lane, memory in whole KiB. Off the main thread. */
async function deriveKey(
  password: Secret,
  salt: Uint8Array,
  [memoryBytes, passes]: readonly [number, number],
): Promise<Uint8Array> {
  const parameters: Argon2Parameters = {
    message: Buffer.from(password.reveal(), "utf8"),
    nonce: salt,
    parallelism: 1,
    tagLength: 32,
    memory: Math.floor(memoryBytes / 1024),
    passes,
  };
  return await promisify(argon2)("argon2i", parameters);
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

import { base58Versions, fromBase58, fromLittleEndian, littleEndian, toBase58 } from "./base58.ts";
import { isNonzeroSquare } from "./curve.ts";
import { FieldError } from "./errors/FieldError.ts";
import { FIELD_MODULUS, mod } from "./field.ts";

/** A compressed Mina public key: x of a point on Pallas and the parity of its y. */
export interface PublicKey {
  readonly x: bigint;
  readonly isOdd: boolean;
}

/** Mina's "no key": x = 0, even. Not on the curve. */
export const EMPTY_KEY: PublicKey = { x: 0n, isOdd: false };

/** @throws {FieldError} `KEY_MALFORMED` unless the string names a point on the curve. */
export function publicKeyFromBase58(text: string): PublicKey {
  const bytes = fromBase58(base58Versions.publicKey, 35, text);
  if (bytes?.[0] !== 1 || bytes[1] !== 1)
    throw new FieldError("KEY_MALFORMED", { reason: "not base58check of a key" });
  const parity = bytes[34]!;
  if (parity > 1) throw new FieldError("KEY_MALFORMED", { reason: "parity is neither 0 nor 1" });
  return checkedPublicKey({ x: fromLittleEndian(bytes.subarray(2, 34)), isOdd: parity === 1 });
}

/** @throws {FieldError} `KEY_MALFORMED` unless the key is a point on the curve. */
export function checkedPublicKey(key: PublicKey): PublicKey {
  if (key.x < 0n || key.x >= FIELD_MODULUS)
    throw new FieldError("KEY_MALFORMED", { reason: "x is not canonical" });
  if (!isOnCurve(key)) throw new FieldError("KEY_MALFORMED", { reason: "no point on the curve has this x" });
  return key;
}

/** Whether a point with this x exists: x³ + 5 is a square, and not 0, as Pallas has prime order. Costs 30 µs, no root. */
export function isOnCurve({ x }: PublicKey): boolean {
  return x >= 0n && x < FIELD_MODULUS && isNonzeroSquare(mod(x * x * x + 5n));
}

export function publicKeyToBase58(key: PublicKey): string {
  const bytes = new Uint8Array(35);
  bytes[0] = 1; // version of the uncompressed type, then of the compressed one
  bytes[1] = 1;
  bytes.set(littleEndian(key.x), 2);
  bytes[34] = key.isOdd ? 1 : 0;
  return toBase58(base58Versions.publicKey, bytes);
}

/** Order of validator sets: by x, then even before odd. */
export function comparePublicKeys(a: PublicKey, b: PublicKey): number {
  if (a.x !== b.x) return a.x < b.x ? -1 : 1;
  return Number(a.isOdd) - Number(b.isOdd);
}

export function samePublicKey(a: PublicKey, b: PublicKey): boolean {
  return a.x === b.x && a.isOdd === b.isOdd;
}

/** As field elements, for hashing. */
export function publicKeyFields(key: PublicKey): [x: bigint, isOdd: bigint] {
  return [key.x, key.isOdd ? 1n : 0n];
}

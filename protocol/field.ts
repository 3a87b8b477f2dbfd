import { FieldError } from "./errors/FieldError.ts";

/** Base field of Pallas: Mina's field elements. */
export const FIELD_MODULUS = 0x40000000000000000000000000000000224698fc094cf91b992d30ed00000001n;
/** Order of Pallas: Mina's scalars. */
export const SCALAR_MODULUS = 0x40000000000000000000000000000000224698fc0994a8dd8c46eb2100000001n;

export const FIELD_BYTES = 32;

/** @returns `value`, when 0 ≤ value < p. @throws {FieldError} `FIELD_NOT_CANONICAL` */
export function field(value: bigint, name = "value"): bigint {
  if (value < 0n || value >= FIELD_MODULUS) throw new FieldError("FIELD_NOT_CANONICAL", { name });
  return value;
}

/** @returns `value`, when 0 ≤ value < q. @throws {FieldError} `FIELD_NOT_CANONICAL` */
export function scalar(value: bigint, name = "scalar"): bigint {
  if (value < 0n || value >= SCALAR_MODULUS) throw new FieldError("FIELD_NOT_CANONICAL", { name });
  return value;
}

/** @returns `value`, when 0 ≤ value < 2^bits. @throws {FieldError} `QUANTITY_OUT_OF_RANGE` */
export function unsigned(value: bigint, bits: number, name = "value"): bigint {
  if (value < 0n || value >> BigInt(bits) !== 0n)
    throw new FieldError("QUANTITY_OUT_OF_RANGE", { name, bits });
  return value;
}

/** 32 bytes, big-endian: the same as `uint256` in the EVM's ABI. */
export function toBytes32(value: bigint): Uint8Array {
  const bytes = new Uint8Array(FIELD_BYTES);
  const view = new DataView(bytes.buffer);
  for (let word = 0; word < 4; word++) {
    view.setBigUint64(word * 8, BigInt.asUintN(64, value >> BigInt(192 - 64 * word)));
  }
  return bytes;
}

/** Any 256-bit number from 32 big-endian bytes. Field elements need {@link field} as well. */
export function fromBytes32(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, FIELD_BYTES);
  let value = 0n;
  for (let word = 0; word < 4; word++) value = (value << 64n) | view.getBigUint64(word * 8);
  return value;
}

/** A 256-bit digest as two field elements of 128 bits, high half first. */
export function splitDigest(digest: Uint8Array): [high: bigint, low: bigint] {
  const value = fromBytes32(digest);
  return [value >> 128n, value & ((1n << 128n) - 1n)];
}

/** Residue in 0 ≤ x < p. */
export function mod(value: bigint, modulus = FIELD_MODULUS): bigint {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
}

/** base^exponent mod modulus; exponent ≥ 0. Not constant time: for public values only. */
export function power(base: bigint, exponent: bigint, modulus = FIELD_MODULUS): bigint {
  let result = 1n;
  let square = mod(base, modulus);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

import { sha256 } from "@noble/hashes/sha2.js";
import { createBase58check } from "@scure/base";

const base58check = createBase58check(sha256);

/** Version bytes of Mina's base58check strings (MinaProtocol/mina, base58_check version_bytes). */
export const base58Versions = {
  publicKey: 0xcb,
  privateKey: 0x5a,
  signature: 0x9a,
  memo: 0x14,
  tokenId: 0x1c,
} as const;

/** @returns the base58check string of `version ‖ payload`. */
export function toBase58(version: number, payload: Uint8Array): string {
  const bytes = new Uint8Array(payload.length + 1);
  bytes[0] = version;
  bytes.set(payload, 1);
  return base58check.encode(bytes);
}

/** @returns the payload, or undefined when checksum, version or length is wrong. Strings over 256 characters are refused unread. */
export function fromBase58(version: number, length: number, text: string): Uint8Array | undefined {
  if (typeof text !== "string" || text.length > 256) return undefined;
  try {
    const bytes = base58check.decode(text);
    return bytes[0] === version && bytes.length === length + 1 ? bytes.subarray(1) : undefined;
  } catch {
    return undefined;
  }
}

/** Little-endian 32 bytes: how Mina's own base58 strings hold numbers. */
export function littleEndian(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));
}

export function fromLittleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

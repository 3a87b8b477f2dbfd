import { createHash } from "node:crypto";
import {
  base58Versions,
  FIELD_MODULUS,
  fromBytes32,
  littleEndian,
  type PublicKey,
  publicKeyFromBase58,
  publicKeyOf,
  SCALAR_MODULUS,
  toBase58,
} from "../../protocol/index.ts";

/** One golden case: what goes in, and what comes out or which code it is refused with. */
export interface Vector<Input, Output> {
  readonly name: string;
  readonly input: Input;
  readonly output?: Output;
  readonly error?: string;
}

const digest = (seed: string) => fromBytes32(createHash("sha256").update(`zeko vectors ${seed}`).digest());

/** A fixed field element that looks random. */
export const sampleField = (seed: string) => digest(seed) % FIELD_MODULUS;
export const sampleScalar = (seed: string) => (digest(seed) % (SCALAR_MODULUS - 1n)) + 1n;
export const sample = (seed: string, bits: number) => digest(seed) & ((1n << BigInt(bits)) - 1n);

/** Bytes of a fixed pseudo-random stream. */
export function sampleBytes(seed: string, length: number): Uint8Array {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, i) =>
    createHash("sha256").update(`${seed} ${i}`).digest(),
  );
  return new Uint8Array(Buffer.concat(blocks).subarray(0, length));
}

/** A key pair for vectors only. */
export function sampleKey(seed: string): { privateKey: string; publicKey: PublicKey; base58: string } {
  const bytes = new Uint8Array(33);
  bytes[0] = 1;
  bytes.set(littleEndian(sampleScalar(seed)), 1);
  const privateKey = toBase58(base58Versions.privateKey, bytes);
  const base58 = publicKeyOf(privateKey);
  return { privateKey, base58, publicKey: publicKeyFromBase58(base58) };
}

export const hex = (bytes: Uint8Array) => `0x${Buffer.from(bytes).toString("hex")}`;

import {
  base58Versions,
  comparePublicKeys,
  littleEndian,
  type PublicKey,
  SCALAR_MODULUS,
  type Signature,
  signFields,
  toBase58,
} from "../../../protocol/index.ts";
import { GENERATOR, multiply } from "./pallas.ts";

/** A Mina key whose secret is known, so that signatures and gas are the same in each run. */
export interface FixedKey {
  readonly secret: bigint;
  readonly privateKey: string;
  readonly x: bigint;
  readonly y: bigint;
  readonly publicKey: PublicKey;
}

export function fixedKey(secret: bigint): FixedKey {
  const { x, y } = multiply(secret, GENERATOR)!;
  const privateKey = toBase58(base58Versions.privateKey, Uint8Array.of(1, ...littleEndian(secret)));
  return { secret, privateKey, x, y, publicKey: { x, isOdd: (y & 1n) === 1n } };
}

/** `count` keys in the order of a validator set. */
export function fixedKeys(count: number, seed = 7n): FixedKey[] {
  const keys = Array.from({ length: count }, (_, i) => fixedKey((seed + BigInt(i)) ** 53n % SCALAR_MODULUS));
  return keys.sort((a, b) => comparePublicKeys(a.publicKey, b.publicKey));
}

export function sign(key: FixedKey, message: bigint): Signature {
  return signFields(key.privateKey, [message]);
}

export interface VoteInput {
  readonly slot: number;
  readonly r: bigint;
  readonly s: bigint;
}

/** Votes of the given slots over one message. */
export function votes(keys: readonly FixedKey[], slots: readonly number[], message: bigint): VoteInput[] {
  return slots.map((slot) => ({ slot, ...sign(keys[slot]!, message) }));
}

import { randomBytes } from "node:crypto";
import {
  base58Versions,
  fromBase58,
  fromLittleEndian,
  littleEndian,
  type PublicKey,
  publicKeyFromBase58,
  publicKeyOf,
  SCALAR_MODULUS,
  toBase58,
} from "../../protocol/index.ts";
import { Secret } from "../config/Secret.ts";
import { KeyError } from "../errors/KeyError.ts";

/** A Mina key with its public half. The private one is in the form that every tool takes ("EK…"). */
export interface MinaKeyPair {
  readonly privateKey: Secret;
  readonly publicKey: PublicKey;
  /** "B62q…" */
  readonly address: string;
}

/** A fresh key from the system's randomness. */
export function newMinaKeyPair(): MinaKeyPair {
  // 64 bytes for a modulus of 255 bits: the remainder's bias is below 2^-256.
  const wide = fromLittleEndian(randomBytes(64));
  return minaKeyPairFromBytes(scalarBytes((wide % (SCALAR_MODULUS - 1n)) + 1n));
}

/** @throws {KeyError} `KEY_PRIVATE_MALFORMED` unless `privateKey` is base58check of a scalar from 1 to q − 1. */
export function minaKeyPairFromBase58(privateKey: Secret): MinaKeyPair {
  const bytes = fromBase58(base58Versions.privateKey, 33, privateKey.reveal());
  if (!bytes) throw new KeyError("KEY_PRIVATE_MALFORMED", { kind: "Mina" });
  return minaKeyPairFromBytes(bytes);
}

/** From the 33 bytes that Mina's tools keep in a secret box: version 1, then the scalar, little-endian. @throws as above */
export function minaKeyPairFromBytes(bytes: Uint8Array): MinaKeyPair {
  const scalar = fromLittleEndian(bytes.subarray(1));
  if (bytes.length !== 33 || bytes[0] !== 1 || scalar === 0n || scalar >= SCALAR_MODULUS)
    throw new KeyError("KEY_PRIVATE_MALFORMED", { kind: "Mina" });
  const text = toBase58(base58Versions.privateKey, bytes);
  const address = publicKeyOf(text);
  return { privateKey: new Secret(text), publicKey: publicKeyFromBase58(address), address };
}

/** The bytes that go into a secret box. */
export function minaKeyBytes({ privateKey }: MinaKeyPair): Uint8Array {
  return fromBase58(base58Versions.privateKey, 33, privateKey.reveal())!;
}

function scalarBytes(scalar: bigint): Uint8Array {
  return Uint8Array.of(1, ...littleEndian(scalar));
}

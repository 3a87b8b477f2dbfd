import Client from "mina-signer";
import { base58Versions, fromBase58, fromLittleEndian, littleEndian, toBase58 } from "./base58.ts";
import { FieldError } from "./errors/FieldError.ts";
import { FIELD_MODULUS, SCALAR_MODULUS } from "./field.ts";
import { type PublicKey, publicKeyToBase58 } from "./publicKey.ts";

/** A Mina Schnorr signature: x of R (its y even), and the response. */
export interface Signature {
  /** 0 ≤ r < p */
  readonly r: bigint;
  /** 0 ≤ s < q */
  readonly s: bigint;
}

// The network's name goes into signatures of transactions alone: `signFields` has one fixed prefix.
const client = new Client({ network: "devnet" });

/** @throws {FieldError} `SIGNATURE_MALFORMED` unless r < p and s < q. */
export function checkedSignature(signature: Signature): Signature {
  if (signature.r < 0n || signature.r >= FIELD_MODULUS)
    throw new FieldError("SIGNATURE_MALFORMED", { reason: "r ≥ p" });
  if (signature.s < 0n || signature.s >= SCALAR_MODULUS)
    throw new FieldError("SIGNATURE_MALFORMED", { reason: "s ≥ q" });
  return signature;
}

/** @throws {FieldError} `SIGNATURE_MALFORMED` */
export function signatureFromBase58(text: string): Signature {
  const bytes = fromBase58(base58Versions.signature, 65, text);
  if (bytes?.[0] !== 1)
    throw new FieldError("SIGNATURE_MALFORMED", { reason: "not base58check of a signature" });
  return checkedSignature({
    r: fromLittleEndian(bytes.subarray(1, 33)),
    s: fromLittleEndian(bytes.subarray(33, 65)),
  });
}

export function signatureToBase58({ r, s }: Signature): string {
  const bytes = new Uint8Array(65);
  bytes[0] = 1;
  bytes.set(littleEndian(r), 1);
  bytes.set(littleEndian(s), 33);
  return toBase58(base58Versions.signature, bytes);
}

/**
 * Signs field elements with a Mina key: Kimchi Poseidon Schnorr, as o1js' `Signature.create`.
 * The library's prefix separates no networks, so what is signed must carry a tag and a domain of its own.
 */
export function signFields(privateKey: string, fields: readonly bigint[]): Signature {
  return signatureFromBase58(client.signFields([...fields], privateKey).signature);
}

/** Whether `signature` is `key`'s over exactly these fields. False for anything malformed. */
export function verifyFields(key: PublicKey, fields: readonly bigint[], signature: Signature): boolean {
  try {
    checkedSignature(signature);
    return client.verifyFields({
      data: [...fields],
      signature: signatureToBase58(signature),
      publicKey: publicKeyToBase58(key),
    });
  } catch {
    return false;
  }
}

/** @throws {FieldError} `KEY_MALFORMED` when the string is not a private key. */
export function publicKeyOf(privateKey: string): string {
  try {
    return client.derivePublicKey(privateKey);
  } catch {
    throw new FieldError("KEY_MALFORMED", { reason: "not a private key" });
  }
}

import { createHash } from "node:crypto";
import {
  ByteReader,
  ByteWriter,
  checkedPublicKey,
  hash,
  type PublicKey,
  type Signature,
  splitDigest,
  tags,
  verifyFields,
} from "../protocol/index.ts";

/** A validator's word that a peer id is its own, so that faults seen on the network can be put to its name. */
export interface PeerIdentity {
  readonly publicKey: PublicKey;
  readonly signature: Signature;
}

const VERSION = 1;
/** version ‖ x ‖ parity ‖ r ‖ s */
export const IDENTITY_BYTES = 1 + 32 + 1 + 32 + 32;

/** What a validator signs about its peer id: H("ZekoPeer/1", [domain, sha256(peer id) as two halves]). */
export function peerIdentityMessage(domain: bigint, peerId: string): bigint {
  const digest = new Uint8Array(createHash("sha256").update(peerId).digest());
  return hash(tags.peer, [domain, ...splitDigest(digest)]);
}

export function encodeIdentity({ publicKey, signature }: PeerIdentity): Uint8Array {
  const out = new ByteWriter();
  out.u8(VERSION);
  out.field(publicKey.x);
  out.u8(publicKey.isOdd ? 1 : 0);
  out.field(signature.r);
  out.field(signature.s);
  return out.finish();
}

/** @returns the validator's key, or undefined when the bytes prove nothing about `peerId` */
export function provenIdentity(bytes: Uint8Array, domain: bigint, peerId: string): PublicKey | undefined {
  if (bytes.length !== IDENTITY_BYTES || bytes[0] !== VERSION) return undefined;
  try {
    const input = new ByteReader(bytes.subarray(1));
    const key = checkedPublicKey({ x: input.field(), isOdd: input.flags(1)[0]! });
    const signature = { r: input.field(), s: input.scalar() };
    return verifyFields(key, [peerIdentityMessage(domain, peerId)], signature) ? key : undefined;
  } catch {
    return undefined;
  }
}

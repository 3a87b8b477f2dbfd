import {
  decompress,
  FIELD_MODULUS,
  hash,
  type PublicKey,
  SCALAR_MODULUS,
  type Signature,
} from "../protocol/index.ts";
import { GENERATOR, type Multiples, multiplesOf, sumOfTwo } from "./pallas.ts";

/** Mina's prefix for every network but mainnet. */
const SIGNATURE_PREFIX = "CodaSignature*******";

/** A key as a verifier needs it: its point, and a table of small multiples of it. */
interface KnownKey {
  readonly y: bigint;
  readonly multiples: Multiples;
}

// Bounded: a flood of keys or of signatures costs time, not memory.
const MAX_KEYS = 16_384;
const MAX_VERIFIED = 65_536;
const keys = new Map<string, KnownKey | null>();
const verified = new Set<string>();
let ofGenerator: Multiples | undefined;

/**
 * Whether `signature` is `key`'s over the one field element `message`, as zkApp commands are signed.
 *
 * Equals mina-signer's `verifyFields` and the circuits' `Signature.verify`, except that R at infinity is refused
 * always. Good signatures are remembered, so a command checked at the door costs nothing again in its block.
 * About 0.9 ms for a known key. Not constant time: nothing here is secret.
 * @returns false for everything malformed: r ≥ p, s ≥ q, a key off the curve
 * Source: MinaProtocol/mina, docs/specs/signatures
 */
export function verifySignature(key: PublicKey, message: bigint, { r, s }: Signature): boolean {
  if (r < 0n || r >= FIELD_MODULUS || s < 0n || s >= SCALAR_MODULUS) return false;
  const keyName = `${key.x.toString(36)}.${key.isOdd}`;
  const name = `${keyName}.${message.toString(36)}.${r.toString(36)}.${s.toString(36)}`;
  if (verified.has(name)) return true;
  const known = lookUp(key, keyName);
  if (!known) return false;
  const challenge = hash(SIGNATURE_PREFIX, [message, key.x, known.y, r]);
  ofGenerator ??= multiplesOf(GENERATOR, 8);
  // R = s·G − e·P
  const point = sumOfTwo(s, ofGenerator, SCALAR_MODULUS - challenge, known.multiples);
  if (point === undefined || point.x !== r || (point.y & 1n) === 1n) return false;
  if (verified.size >= MAX_VERIFIED) verified.clear();
  verified.add(name);
  return true;
}

function lookUp(key: PublicKey, name: string): KnownKey | null {
  let known = keys.get(name);
  if (known === undefined) {
    const point = key.x >= 0n && key.x < FIELD_MODULUS ? decompress(key.x, key.isOdd) : undefined;
    known = point ? { y: point.y, multiples: multiplesOf(point, 5) } : null;
    if (keys.size >= MAX_KEYS) keys.clear();
    keys.set(name, known);
  }
  return known;
}

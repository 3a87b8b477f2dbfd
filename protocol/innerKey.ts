import { decompress } from "./curve.ts";
import { hash } from "./poseidon.ts";
import type { PublicKey } from "./publicKey.ts";
import { tags } from "./tags.ts";

/**
 * Key of the inner account: the first Poseidon(tag, [0]), Poseidon(tag, [1]), … that is the x of a point, its y even.
 * Hashed to the curve, so that nobody knows a secret for it.
 */
export const INNER_KEY: PublicKey = hashToKey();

function hashToKey(): PublicKey {
  for (let counter = 0n; ; counter++) {
    const x = hash(tags.innerKey, [counter]);
    if (decompress(x, false)) return { x, isOdd: false };
  }
}

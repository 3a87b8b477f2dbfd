import { chunkRoot, chunksOf, pairUp } from "./chunks.ts";
import { splitDigest } from "./field.ts";
import { hash } from "./poseidon.ts";
import { tags } from "./tags.ts";

/**
 * Commitment to posted bytes: what validators sign and circuits see.
 *
 * Shape: bytes → chunks of ≤ 96 KiB → cells of 1 KiB → SHA-256 tree per chunk → Poseidon tree of chunk roots.
 * Whoever signs this root signs the length beside it: zero padding gives different bytes one root.
 * @returns one field element
 * @throws {PayloadError} `PAYLOAD_EMPTY`, `PAYLOAD_TOO_LARGE`
 */
export function dataRoot(data: Uint8Array): bigint {
  return dataRootOfChunks(chunksOf(data).map(chunkRoot));
}

/** Poseidon Merkle root over 1 to `MAX_CHUNKS` chunk roots of 32 bytes. An odd last node moves up unchanged. */
export function dataRootOfChunks(roots: readonly Uint8Array[]): bigint {
  let level = roots.map((root) => hash(tags.dataLeaf, splitDigest(root)));
  while (level.length > 1) level = pairUp(level, (left, right) => hash(tags.dataNode, [left, right]));
  return level[0]!;
}

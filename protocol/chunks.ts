import { createHash } from "node:crypto";
import { PayloadError } from "./errors/PayloadError.ts";
import { CELL_BYTES, CHUNK_BYTES, MAX_DATA_BYTES } from "./limits.ts";

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);
const sha256 = (...parts: readonly Uint8Array[]) => {
  const digest = createHash("sha256");
  for (const part of parts) digest.update(part);
  return new Uint8Array(digest.digest());
};

/** Cuts posted bytes into chunks; all but the last are full. @throws {PayloadError} `PAYLOAD_EMPTY`, `PAYLOAD_TOO_LARGE` */
export function chunksOf(data: Uint8Array): Uint8Array[] {
  if (data.length === 0) throw new PayloadError("PAYLOAD_EMPTY", undefined);
  if (data.length > MAX_DATA_BYTES)
    throw new PayloadError("PAYLOAD_TOO_LARGE", { bytes: data.length, maximum: MAX_DATA_BYTES });
  return Array.from({ length: chunkCount(data.length) }, (_, i) =>
    data.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES),
  );
}

export function chunkCount(dataLength: number): number {
  return Math.ceil(dataLength / CHUNK_BYTES);
}

/** Bytes that chunk `index` of `dataLength` posted bytes must have. */
export function chunkLength(dataLength: number, index: number): number {
  return Math.min(CHUNK_BYTES, dataLength - index * CHUNK_BYTES);
}

/** Puts chunks back together. @throws {PayloadError} `CHUNK_SIZE` */
export function joinChunks(chunks: readonly Uint8Array[], dataLength: number): Uint8Array {
  const data = new Uint8Array(dataLength);
  for (const [index, chunk] of chunks.entries()) {
    const expected = chunkLength(dataLength, index);
    if (chunk.length !== expected)
      throw new PayloadError("CHUNK_SIZE", { index, bytes: chunk.length, expected });
    data.set(chunk, index * CHUNK_BYTES);
  }
  return data;
}

/**
 * SHA-256 Merkle root of one chunk: leaf = sha256(0 ‖ cell), node = sha256(1 ‖ left ‖ right), as RFC 6962 section 2.1.
 *
 * The last cell is padded with zeros, which the posted length makes unambiguous. An odd last node moves up unchanged.
 * @param chunk 1 to {@link CHUNK_BYTES} bytes
 */
export function chunkRoot(chunk: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil(chunk.length / CELL_BYTES) * CELL_BYTES);
  padded.set(chunk);
  let level: Uint8Array[] = [];
  for (let at = 0; at < padded.length; at += CELL_BYTES)
    level.push(sha256(LEAF, padded.subarray(at, at + CELL_BYTES)));
  while (level.length > 1) level = pairUp(level, (left, right) => sha256(NODE, left, right));
  return level[0]!;
}

/** One level of a tree; a node without a partner moves up. */
export function pairUp<T>(level: readonly T[], join: (left: T, right: T) => T): T[] {
  const next: T[] = [];
  for (let i = 0; i < level.length; i += 2) {
    next.push(i + 1 < level.length ? join(level[i]!, level[i + 1]!) : level[i]!);
  }
  return next;
}

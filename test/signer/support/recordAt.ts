import type { BatchRecord } from "../../../signer/BatchRecord.ts";
import type { TestBatch } from "./testRollup.ts";

/** What a signer's store holds of a batch that has reached a step. */
export function recordAt(
  step: BatchRecord["step"],
  { id, header, chunkRoots, dataRoot, signature }: TestBatch,
): BatchRecord {
  return { id, header, chunkRoots, dataRoot, signature, poster: "0x00", noticedMs: 0, step };
}

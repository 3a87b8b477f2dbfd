import { chunkRoot, chunksOf, dataRootOfChunks } from "../../protocol/index.ts";
import type { BatchRecord } from "../BatchRecord.ts";
import { SignerError } from "../SignerError.ts";

/**
 * Second check: every chunk is there, its SHA-256 root is the one that the chain holds, and the Poseidon root over them is
 * the data root that is signed.
 *
 * @throws {SignerError} `SIGNER_DATA_MISMATCH`
 */
export function checkData(
  batch: Pick<BatchRecord, "header" | "chunkRoots" | "dataRoot">,
  data: Uint8Array,
): void {
  const refuse = (what: string) => new SignerError("SIGNER_DATA_MISMATCH", { what });
  if (BigInt(data.length) !== batch.header.dataLength) throw refuse(`${data.length} bytes`);
  const roots = chunksOf(data).map(chunkRoot);
  if (roots.length !== batch.chunkRoots.length) throw refuse(`${roots.length} chunks`);
  for (const [index, root] of roots.entries())
    if (Buffer.compare(root, batch.chunkRoots[index]!) !== 0) throw refuse(`chunk ${index}`);
  if (dataRootOfChunks(roots) !== batch.dataRoot) throw refuse("data root");
}

/** Whether {@link checkData} finds nothing wrong. */
export function isRightData(
  batch: Pick<BatchRecord, "header" | "chunkRoots" | "dataRoot">,
  data: Uint8Array,
): boolean {
  try {
    checkData(batch, data);
    return true;
  } catch {
    return false;
  }
}

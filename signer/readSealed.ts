import type { BatchId, DaReader } from "../da/index.ts";
import { unlessAborted } from "../gossip/index.ts";
import { type Domain, dataRootOfChunks } from "../protocol/index.ts";
import type { Clock } from "../service/index.ts";
import type { BatchRecord } from "./BatchRecord.ts";
import { checkBatchId } from "./checks/checkPoster.ts";

/**
 * A sealed batch as our DA node has it. Header and roots are hashed again; poster and signature are looked at when it is admitted.
 * @returns undefined when the node does not know it, or not as sealed
 * @throws {SignerError} `SIGNER_BATCH_ID`: asked again, the node may do better
 */
export async function readSealed(
  id: BatchId,
  domain: Domain,
  { da, clock }: { readonly da: Pick<DaReader, "batch">; readonly clock: Clock },
  signal: AbortSignal,
): Promise<BatchRecord | undefined> {
  const batch = await unlessAborted(da.batch(id), signal);
  if (!batch?.sealed) return undefined;
  const { header, chunkRoots, poster, signature } = batch;
  checkBatchId({ id, header, chunkRoots }, domain);
  // Not the node's word for it: a wrong one would be kept for good.
  const dataRoot = dataRootOfChunks(chunkRoots);
  return { id, header, chunkRoots, dataRoot, poster, signature, noticedMs: clock.now(), step: "noticed" };
}

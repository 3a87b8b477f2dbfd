import type { DaClient, RollupId } from "../../da/index.ts";
import {
  type BatchHeader,
  batchId,
  chunkRoot,
  chunksOf,
  DATA_SCHEME,
  type Domain,
  dataRootOfChunks,
  domainHash,
  encodePayload,
  type Payload,
  type Signature,
  stateHash,
  toBytes32,
} from "../../protocol/index.ts";
import { SequencerError } from "../errors/SequencerError.ts";
import type { SequencerStore } from "../store/SequencerStore.ts";
import type { BatchRecord, Posting } from "./BatchRecord.ts";
import type { FeeFloat } from "./FeeFloat.ts";
import { CHANGES } from "./newBatch.ts";

export interface PostOptions {
  readonly domain: Domain;
}
export interface PostModules {
  readonly store: SequencerStore;
  readonly da: Pick<DaClient, "openBatch" | "postChunks" | "batch">;
  readonly float: Pick<FeeFloat, "cover">;
  /** Signs headers with the sequencer's Mina key. */
  readonly signHeader: (header: BatchHeader, dataRoot: bigint, domain: bigint) => Signature;
}

/** closed → encoded: the bytes, and what is said about them. */
export async function encodeBatch(
  batch: BatchRecord,
  { domain }: PostOptions,
  { store, signHeader }: PostModules,
): Promise<{ posting: Posting; data: Uint8Array }> {
  const blocks = await store.blocks(batch.firstBlock, batch.nextBlock);
  const { data, decodedLength } = encodePayload({
    domain: domainHash(domain),
    source: stateHash(batch.source),
    target: batch.target,
    landBy: batch.landBy,
    feeRecipient: batch.feeRecipient,
    blocks: blocks.map(({ slot, timestampMs, transactions }) => ({
      slot,
      timestampMs,
      commands: transactions.map(({ command }) => command),
    })),
    changes: (await store.input(batch.number, CHANGES)) as Payload["changes"],
  });
  const header: BatchHeader = {
    number: batch.number,
    source: stateHash(batch.source),
    target: stateHash(batch.target),
    landBy: batch.landBy,
    dataLength: BigInt(data.length),
    decodedLength: BigInt(decodedLength),
    scheme: DATA_SCHEME,
  };
  return { posting: postingOf(header, data, domain, signHeader), data };
}

/** Everything that the inbox is told about these bytes. */
export function postingOf(
  header: BatchHeader,
  data: Uint8Array,
  domain: Domain,
  sign: PostModules["signHeader"],
): Posting {
  const chunkRoots = chunksOf(data).map(chunkRoot);
  const dataRoot = dataRootOfChunks(chunkRoots);
  const id = batchId(domain, header, chunkRoots);
  return {
    header,
    dataRoot,
    chunkRoots,
    signature: sign(header, dataRoot, domainHash(domain)),
    id: `0x${Buffer.from(id).toString("hex")}`,
  };
}

/** encoded → opened, and paid for. Opening a batch that is open does nothing. */
export async function openBatch(
  batch: BatchRecord,
  { domain }: PostOptions,
  { da, float }: PostModules,
): Promise<void> {
  const { header, chunkRoots, signature, id } = postingFor(batch);
  if (await da.batch(id)) return;
  await float.cover(header.decodedLength, async () => {
    const opened = await da.openBatch({ rollup: rollupOf(domain), header, chunkRoots, signature });
    if (opened.toLowerCase() !== id)
      throw new SequencerError("SEQUENCER_STORE_CORRUPT", {
        what: `the inbox calls batch ${batch.number} by another id`,
      });
  });
}

export function rollupOf({ rollupId }: Pick<Domain, "rollupId">): RollupId {
  return `0x${Buffer.from(toBytes32(rollupId)).toString("hex")}` as RollupId;
}

/** opened → sealed: posts what is missing. @returns false when the inbox has dropped the batch, which must be opened again */
export async function sealBatch(batch: BatchRecord, { da, store }: PostModules): Promise<boolean> {
  const { id } = postingFor(batch);
  const standing = await da.batch(id);
  if (!standing) return false;
  if (standing.sealed) return true;
  const data = await store.data(batch.number);
  if (!data)
    throw new SequencerError("SEQUENCER_STORE_CORRUPT", { what: `batch ${batch.number} has no bytes` });
  await da.postChunks(id, chunksOf(data));
  return true;
}

export function postingFor(batch: Pick<BatchRecord, "number" | "posting">): Posting {
  if (batch.posting) return batch.posting;
  throw new SequencerError("SEQUENCER_STORE_CORRUPT", { what: `batch ${batch.number} is not encoded` });
}

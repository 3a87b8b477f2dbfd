import type { BatchId, DaEventPage, DaReader, RollupId } from "../da/index.ts";
import { type CheckedSet, unlessAborted } from "../gossip/index.ts";
import {
  batchId,
  batchMessage,
  type Domain,
  dataRootOfChunks,
  domainHash,
  type PublicKey,
  verifyHeader,
} from "../protocol/index.ts";
import { type Clock, type Logger, PageFollower } from "../service/index.ts";
import { RelayError } from "./RelayError.ts";
import type { RelayMetrics } from "./RelayMetrics.ts";
import type { RelayPipeline } from "./RelayPipeline.ts";
import type { RelayRecord } from "./RelayRecord.ts";
import type { RelayStore } from "./RelayStore.ts";
import type { RelayCrashPoint } from "./relaySteps.ts";

export type FollowChainOptions = {
  readonly rollup: RollupId;
  readonly domain: Domain;
  /** Signs headers; nothing is gathered for another's batch, which no validator attests to. */
  readonly sequencer: PublicKey;
  readonly pollIntervalMs: number;
};

export type FollowChainModules = {
  readonly da: Pick<DaReader, "batch" | "currentEpoch" | "watch">;
  readonly store: RelayStore;
  readonly pipeline: Pick<RelayPipeline, "add" | "adopt" | "observe">;
  readonly currentSet: () => Promise<CheckedSet>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  readonly metrics: RelayMetrics;
  readonly crashPoint: (point: RelayCrashPoint) => void;
};

/** Reads the DA chain from where it stopped last time; each sealed batch is on disk before the cursor moves past it. */
export function followChain(
  options: FollowChainOptions,
  modules: FollowChainModules,
): PageFollower<DaEventPage> {
  const { da, store, metrics } = modules;
  const { rollup, pollIntervalMs } = options;
  return new PageFollower(
    {
      what: "DA chain",
      pages: async (signal) => da.watch({ from: await store.cursor(), rollup, signal, pollIntervalMs }),
      take: async (page, signal) => {
        await takePage(page, options, modules, signal);
        await modules.pipeline.observe(await unlessAborted(da.currentEpoch(), signal));
        await store.moveCursor(page.next);
        metrics.cursor.set(page.next);
      },
    },
    modules,
  );
}

async function takePage(
  page: DaEventPage,
  options: FollowChainOptions,
  modules: FollowChainModules,
  signal: AbortSignal,
): Promise<void> {
  const { store, pipeline, crashPoint } = modules;
  for (const { kind, batch: id } of page.events) {
    if (kind === "BatchSealed") {
      if (await store.batch(id)) continue;
      const record = await readBatch(id, options, modules, signal);
      if (!record) continue;
      crashPoint("noticed:before");
      await store.save(record);
      crashPoint("noticed:after");
      await pipeline.add([record]);
    } else if (kind === "CertificateRecorded") {
      const record = await store.batch(id);
      if (record?.step === "noticed") pipeline.adopt(record);
    }
  }
}

/** @returns undefined for a batch that a poster has opened without the sequencer */
async function readBatch(
  id: BatchId,
  { domain, sequencer }: FollowChainOptions,
  { da, currentSet, clock, log }: FollowChainModules,
  signal: AbortSignal,
): Promise<RelayRecord | undefined> {
  const batch = await unlessAborted(da.batch(id), signal);
  if (!batch) throw new RelayError("RELAY_NODE_BEHIND", { batch: id });
  const { header, chunkRoots, signature } = batch;
  const computed = `0x${Buffer.from(batchId(domain, header, chunkRoots)).toString("hex")}`;
  if (computed !== id) throw new RelayError("RELAY_BATCH_ID", {});
  const dataRoot = dataRootOfChunks(chunkRoots);
  if (!verifyHeader(sequencer, header, dataRoot, domainHash(domain), signature)) {
    log.warn("batch is not the sequencer's", { batch: header.number, id, poster: batch.poster });
    return undefined;
  }
  const { set, hash } = await unlessAborted(currentSet(), signal);
  return {
    id,
    header,
    dataRoot,
    epoch: set.epoch,
    setHash: hash,
    message: batchMessage(hash, header, dataRoot, domainHash(domain)),
    noticedMs: clock.now(),
    step: "noticed",
  };
}

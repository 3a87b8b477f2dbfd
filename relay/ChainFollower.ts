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
import { backoffMs, type Clock, faultOf, type Logger, type Service } from "../service/index.ts";
import { RelayError } from "./RelayError.ts";
import type { RelayMetrics } from "./RelayMetrics.ts";
import type { RelayPipeline } from "./RelayPipeline.ts";
import type { RelayRecord } from "./RelayRecord.ts";
import type { RelayStore } from "./RelayStore.ts";
import type { RelayCrashPoint } from "./relaySteps.ts";

export type ChainFollowerOptions = {
  readonly rollup: RollupId;
  readonly domain: Domain;
  /** Signs headers; nothing is gathered for another's batch, which no validator attests to. */
  readonly sequencer: PublicKey;
  readonly pollIntervalMs: number;
};

export type ChainFollowerModules = {
  readonly da: Pick<DaReader, "batch" | "watch">;
  readonly store: RelayStore;
  readonly pipeline: Pick<RelayPipeline, "add" | "adopt">;
  readonly currentSet: () => Promise<CheckedSet>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  readonly metrics: RelayMetrics;
  readonly crashPoint: (point: RelayCrashPoint) => void;
};

/** Reads the DA chain from where it stopped last time; each sealed batch is on disk before the cursor moves past it. */
export class ChainFollower implements Service {
  readonly #options: ChainFollowerOptions;
  readonly #modules: ChainFollowerModules;
  readonly #stopped = new AbortController();
  #loop: Promise<void> = Promise.resolve();
  #seenMs: number | undefined;

  constructor(options: ChainFollowerOptions, modules: ChainFollowerModules) {
    this.#options = options;
    this.#modules = modules;
  }

  async start(): Promise<void> {
    this.#loop = this.#follow();
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#loop;
  }

  /** When the chain was last read without a fault, milliseconds since 1970. */
  get seenMs(): number | undefined {
    return this.#seenMs;
  }

  async #follow(): Promise<void> {
    const { clock, random, log } = this.#modules;
    for (let attempt = 1; !this.#stopped.signal.aborted; attempt++) {
      try {
        await this.#watch(() => {
          attempt = 0;
        });
      } catch (error) {
        if (this.#stopped.signal.aborted) return;
        const pauseMs = backoffMs(attempt, { baseMs: 500, maxMs: 15_000 }, random());
        log.warn("DA chain not read", { pauseMs, ...faultOf(error) });
        await clock.sleep(pauseMs, this.#stopped.signal);
      }
    }
  }

  async #watch(onPage: () => void): Promise<void> {
    const { da, store, metrics, clock } = this.#modules;
    const { rollup, pollIntervalMs } = this.#options;
    const signal = this.#stopped.signal;
    for await (const page of da.watch({ from: await store.cursor(), rollup, signal, pollIntervalMs })) {
      await this.#take(page);
      await store.moveCursor(page.next);
      onPage();
      this.#seenMs = clock.now();
      metrics.cursor.set(page.next);
    }
  }

  async #take(page: DaEventPage): Promise<void> {
    const { store, pipeline, crashPoint } = this.#modules;
    for (const { kind, batch: id } of page.events) {
      if (kind === "BatchSealed") {
        if (await store.batch(id)) continue;
        const record = await this.#read(id);
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
  async #read(id: BatchId): Promise<RelayRecord | undefined> {
    const { da, currentSet, clock, log } = this.#modules;
    const { domain, sequencer } = this.#options;
    const batch = await unlessAborted(da.batch(id), this.#stopped.signal);
    if (!batch) throw new RelayError("RELAY_NODE_BEHIND", { batch: id });
    const { header, chunkRoots, signature } = batch;
    const computed = `0x${Buffer.from(batchId(domain, header, chunkRoots)).toString("hex")}`;
    if (computed !== id) throw new RelayError("RELAY_BATCH_ID", {});
    const dataRoot = dataRootOfChunks(chunkRoots);
    if (!verifyHeader(sequencer, header, dataRoot, domainHash(domain), signature)) {
      log.warn("batch is not the sequencer's", { batch: header.number, id, poster: batch.poster });
      return undefined;
    }
    const { set, hash } = await unlessAborted(currentSet(), this.#stopped.signal);
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
}

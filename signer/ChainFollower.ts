import type { BatchId, DaEventPage, DaReader, RollupId } from "../da/index.ts";
import { unlessAborted } from "../gossip/index.ts";
import { backoffMs, type Clock, faultOf, type Logger, type Service } from "../service/index.ts";
import type { BatchRecord } from "./BatchRecord.ts";
import { SignerError } from "./SignerError.ts";
import type { SignerMetrics } from "./SignerMetrics.ts";
import type { SignerStore } from "./SignerStore.ts";
import type { SignerCrashPoint } from "./signerSteps.ts";

export type ChainFollowerOptions = {
  readonly rollup: RollupId;
  readonly pollIntervalMs: number;
  /** Batches under way above which the chain is not read on: a flood waits on the chain, not in memory. */
  readonly maxPending: number;
};

export type ChainFollowerModules = {
  readonly da: Pick<DaReader, "batch" | "watch" | "opening">;
  readonly store: SignerStore;
  readonly pending: () => number;
  readonly onBatches: (batches: readonly BatchRecord[]) => void;
  readonly onCertified: (batch: BatchId, epoch: bigint) => Promise<void>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  readonly metrics: SignerMetrics;
  readonly crashPoint: (point: SignerCrashPoint) => void;
};

/** Reads the DA chain from where it stopped last time, and writes down each sealed batch before it moves on. */
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
      onPage();
      this.#seenMs = clock.now();
      metrics.cursor.set(page.next);
      await this.#waitForRoom();
    }
  }

  async #take(page: DaEventPage): Promise<void> {
    const { store, onBatches, onCertified, crashPoint } = this.#modules;
    const sealed: BatchRecord[] = [];
    for (const event of page.events) {
      if (event.kind === "BatchSealed") sealed.push(await this.#read(event.batch, event.block));
    }
    if (sealed.length > 0) crashPoint("noticed:before");
    const fresh = await store.notice(sealed, page.next);
    if (fresh.length > 0) crashPoint("noticed:after");
    onBatches(fresh);
    for (const event of page.events) {
      if (event.kind === "CertificateRecorded") await onCertified(event.batch, event.epoch);
    }
  }

  async #read(id: BatchId, block: number): Promise<BatchRecord> {
    const batch = await unlessAborted(this.#modules.da.batch(id), this.#stopped.signal);
    // A node behind a load balancer may not know yet what another one has just told us.
    if (!batch) throw new SignerError("SIGNER_NODE_BEHIND", { batch: id });
    const { header, chunkRoots, dataRoot, poster, signature } = batch;
    const noticedMs = this.#modules.clock.now();
    return {
      id,
      header,
      chunkRoots,
      dataRoot,
      poster,
      signature,
      sealedIn: block,
      noticedMs,
      step: "noticed",
    };
  }

  async #waitForRoom(): Promise<void> {
    const { pending, clock } = this.#modules;
    const signal = this.#stopped.signal;
    while (pending() >= this.#options.maxPending && !signal.aborted) await clock.sleep(100, signal);
  }
}

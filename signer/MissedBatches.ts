import type { BatchId, DaReader, RollupId } from "../da/index.ts";
import { unlessAborted } from "../gossip/index.ts";
import { type Clock, faultOf, type Logger, RepeatingService } from "../service/index.ts";
import { type BatchRecord, isRefusedUnseen } from "./BatchRecord.ts";
import type { SignerStore } from "./SignerStore.ts";

export type MissedBatchesModules = {
  readonly da: Pick<DaReader, "events">;
  readonly store: Pick<SignerStore, "cursor" | "batch" | "noticeAside" | "hasWaiting">;
  /** Batches under way: what others wait for may be among them. */
  readonly pending: () => number;
  /** A sealed batch as our DA node has it. */
  readonly read: (id: BatchId, signal: AbortSignal) => Promise<BatchRecord | undefined>;
  readonly onBatch: (batch: BatchRecord) => void;
  readonly clock: Clock;
  readonly log: Logger;
};

/** Blocks read again at once, and the pause behind them, in milliseconds. */
const PAGE_BLOCKS = 2_000;
const LOOK_MS = 2_000;
/** Least pause between two searches. */
const SEARCH_MS = 60_000;

/**
 * When a batch waits for a state that nothing under way leads to, its predecessor was hidden from us, and nobody speaks of it any
 * more: blocks behind the cursor are read again, backwards, each once in a process' life, until it is found.
 */
export class MissedBatches extends RepeatingService {
  readonly #rollup: RollupId;
  readonly #modules: MissedBatchesModules;
  /** Blocks below have been searched. */
  #searched = 0;
  /** The search under way: where it began, and the first block that it has read. */
  #search: { readonly top: number; at: number } | undefined;
  #endedMs = Number.NEGATIVE_INFINITY;

  constructor(options: { readonly rollup: RollupId }, modules: MissedBatchesModules) {
    super(modules.clock, LOOK_MS);
    this.#rollup = options.rollup;
    this.#modules = modules;
  }

  protected async work(): Promise<void> {
    const { store, pending, clock, log } = this.#modules;
    try {
      if (pending() > 0 || !(await store.hasWaiting())) return;
      if (!this.#search && clock.elapsed() - this.#endedMs < SEARCH_MS) return;
      const top = await store.cursor();
      this.#search ??= { top, at: top };
      await this.#readAgain(this.#search);
    } catch (error) {
      if (!this.signal.aborted) log.debug("blocks not read again", faultOf(error));
    }
  }

  async #readAgain(search: { readonly top: number; at: number }): Promise<void> {
    const { da, clock } = this.#modules;
    const { signal } = this;
    const from = Math.max(this.#searched, search.at - PAGE_BLOCKS);
    for (let at = from; at < search.at; ) {
      const { events, next } = await unlessAborted(da.events(at, this.#rollup), signal);
      for (const { kind, batch } of events) if (kind === "BatchSealed") await this.#take(batch);
      if (next <= at) return; // our node is behind what it told before
      at = next;
    }
    search.at = from;
    if (from > this.#searched) return;
    this.#searched = search.top;
    this.#search = undefined;
    this.#endedMs = clock.elapsed();
  }

  async #take(id: BatchId): Promise<void> {
    const { store, read, onBatch, log } = this.#modules;
    const known = await store.batch(id);
    // What another node made us refuse is asked for anew.
    if (known && !isRefusedUnseen(known)) return;
    const batch = await read(id, this.signal);
    if (!batch || !(await store.noticeAside(batch))) return;
    log.warn("our DA node had hidden a batch", { batch: batch.header.number, id });
    onBatch(batch);
  }
}

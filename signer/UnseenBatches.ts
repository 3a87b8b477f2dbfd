import type { BatchId } from "../da/index.ts";
import { unlessAborted } from "../gossip/index.ts";
import { backoffMs, type Clock, faultOf, type Logger, RepeatingService } from "../service/index.ts";
import { type BatchRecord, isRefusedUnseen } from "./BatchRecord.ts";
import type { SignerStore } from "./SignerStore.ts";

export type UnseenBatchesModules = {
  readonly store: Pick<SignerStore, "batch" | "noticeAside" | "certify">;
  /** Reads a sealed batch from our DA node past its events. @returns undefined while the node has none */
  readonly read: (id: BatchId, signal: AbortSignal) => Promise<BatchRecord | undefined>;
  /** Whether the inbox has a certificate of the batch in this epoch. */
  readonly isCertified: (id: BatchId, epoch: bigint) => Promise<boolean>;
  readonly onBatch: (batch: BatchRecord) => void;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
};

/** Heard of and neither shown nor given up; the oldest makes room. */
const MAX_HEARD = 64;
/** Of those, from one source. */
const MAX_PER_SOURCE = 16;
const LOOK_MS = 500;
/** First pause between two questions about one batch, and the longest. */
const PAUSE = { baseMs: 1_000, maxMs: 60_000 } as const;
/** After this long it is no more than somebody's word. */
const FORGET_MS = 3_600_000;

/** So many must attest to a batch before it counts for the alarm: one may follow another chain himself. */
const MIN_VOICES = 2;

type Heard = {
  readonly epoch: bigint;
  /** Who attests to it; the first is held to account for its being here. */
  readonly voices: Set<string>;
  waitedMs: number;
  dueMs: number;
  attempts: number;
};

/**
 * Batches that peers attest to and our DA node does not show. Attestations go past the node, so it cannot hide from us that
 * there is something: we ask it for these batches by name, take them in when it tells of them after all, behind our
 * cursor though they are, and count them for the alarm until then.
 */
export class UnseenBatches extends RepeatingService {
  readonly #modules: UnseenBatchesModules;
  readonly #heard = new Map<BatchId, Heard>();

  constructor(modules: UnseenBatchesModules) {
    super(modules.clock, LOOK_MS);
    this.#modules = modules;
  }

  /** Batches that more than one peer attests to. */
  get count(): number {
    return [...this.#heard.values()].filter(({ voices }) => voices.size >= MIN_VOICES).length;
  }

  /** @param source the peer that attests to it */
  hear(id: BatchId, epoch: bigint, source: string): void {
    const known = this.#heard.get(id);
    if (known) {
      if (known.voices.size < MIN_VOICES) known.voices.add(source);
      return;
    }
    this.#makeRoom(source);
    // Our node may be about to tell us by itself.
    this.#heard.set(id, { epoch, voices: new Set([source]), waitedMs: 0, dueMs: PAUSE.baseMs, attempts: 0 });
  }

  /** The oldest of who has brought most goes: who makes up batches pushes out nobody who brings fewer. */
  #makeRoom(source: string): void {
    const bySource = Map.groupBy(this.#heard, ([, { voices }]) => voices.values().next().value!);
    const own = bySource.get(source) ?? [];
    if (own.length < MAX_PER_SOURCE && this.#heard.size < MAX_HEARD) return;
    const most = [...bySource.values()].reduce((a, b) => (b.length > a.length ? b : a));
    const [oldest] = own.length >= MAX_PER_SOURCE ? own : most;
    this.#heard.delete(oldest![0]);
  }

  protected async work(): Promise<void> {
    for (const [id, heard] of [...this.#heard]) {
      if (this.signal.aborted) return;
      heard.waitedMs += LOOK_MS;
      try {
        await this.#lookFor(id, heard);
      } catch (error) {
        this.#modules.log.debug("batch that peers know not read", { id, ...faultOf(error) });
      }
    }
  }

  async #lookFor(id: BatchId, heard: Heard): Promise<void> {
    const { store, read, onBatch, log, random } = this.#modules;
    const known = await store.batch(id);
    // While it is at the first step, our node may yet make us refuse it.
    const isSeen = known !== undefined && known.step !== "noticed";
    if (isSeen || heard.waitedMs > FORGET_MS) return void this.#heard.delete(id);
    if (heard.waitedMs < heard.dueMs || (known && !isRefusedUnseen(known))) return;
    heard.dueMs = heard.waitedMs + backoffMs(++heard.attempts, PAUSE, random());
    const batch = await read(id, this.signal);
    if (!batch || !(await store.noticeAside(batch))) return;
    log.warn("our DA node did not show a batch", { batch: batch.header.number, id });
    onBatch(batch);
    await this.#certify(id, heard.epoch);
  }

  /** The event that says so may be behind us too. */
  async #certify(id: BatchId, epoch: bigint): Promise<void> {
    const certified = this.#modules.isCertified(id, epoch);
    if (await unlessAborted(certified, this.signal)) await this.#modules.store.certify(id, epoch);
  }
}

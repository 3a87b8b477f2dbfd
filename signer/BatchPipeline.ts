import { ZekoError } from "../protocol/index.ts";
import { backoffMs, type Clock, faultOf, type Logger, type Service } from "../service/index.ts";
import { type BatchRecord, isSettled } from "./BatchRecord.ts";
import type { BatchSteps } from "./BatchSteps.ts";
import { isNodesWord, isRefusal } from "./isRefusal.ts";
import { SignerError } from "./SignerError.ts";
import type { SignerMetrics } from "./SignerMetrics.ts";
import type { SignerStore } from "./SignerStore.ts";

export type BatchPipelineOptions = {
  /** Batches worked on at a time: one that waits for its bytes holds up no other. 4 by default. */
  readonly parallel?: number;
  /** First pause after a failure that may heal; doubles up to 30 s. 500 ms by default. */
  readonly retryMs?: number;
};

export type BatchPipelineModules = {
  readonly steps: BatchSteps;
  readonly store: SignerStore;
  readonly holdsState: (state: bigint) => boolean;
  /** Told after each step. */
  readonly onStep?: (record: BatchRecord) => void;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  readonly metrics: SignerMetrics;
};

/** Times that our DA node is asked about a batch that it says nobody may have posted, or not so. */
const TRIES_OF_A_WORD = 4;

/** Takes each batch through its steps: refuses for good, tries again, or puts aside until its source state is there. */
export class BatchPipeline implements Service {
  readonly #options: Required<BatchPipelineOptions>;
  readonly #modules: BatchPipelineModules;
  readonly #stopped = new AbortController();
  readonly #queue: BatchRecord[] = [];
  readonly #running = new Set<Promise<void>>();
  /** Batches somewhere in here, in the queue, at work or pausing; and how often each has failed. */
  readonly #attempts = new Map<string, number>();
  /** How often our node has said what makes us refuse a batch. */
  readonly #words = new Map<string, number>();

  constructor(options: BatchPipelineOptions, modules: BatchPipelineModules) {
    this.#options = { parallel: 4, retryMs: 500, ...options };
    this.#modules = modules;
  }

  /** Goes on with what was under way, and with what waited for a state that came just before the end. */
  async start(): Promise<void> {
    const { store, holdsState } = this.#modules;
    await store.wakeHeld(holdsState);
    this.add(await store.open());
  }

  /** Lets the work in hand finish, but waits neither for nodes nor for peers. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await Promise.all(this.#running);
  }

  /** Batches not settled and not put aside. */
  get pending(): number {
    return this.#attempts.size;
  }

  add(records: readonly BatchRecord[]): void {
    const fresh = records.filter(({ id }) => !this.#attempts.has(id));
    for (const { id } of fresh) this.#attempts.set(id, 0);
    this.#queue.push(...fresh);
    // Lowest number first: the others may stand on it.
    this.#queue.sort((a, b) => (a.header.number < b.header.number ? -1 : 1));
    this.#pump();
  }

  #pump(): void {
    while (this.#running.size < this.#options.parallel && !this.#stopped.signal.aborted) {
      const record = this.#queue.shift();
      if (!record) return;
      const task = this.#work(record).finally(() => {
        this.#running.delete(task);
        this.#pump();
      });
      this.#running.add(task);
    }
  }

  async #work(start: BatchRecord): Promise<void> {
    let record = start;
    try {
      while (!isSettled(record)) {
        if (this.#stopped.signal.aborted) return;
        record = await this.#modules.steps.advance(record, this.#stopped.signal);
        await this.#stepped(record);
      }
      this.#attempts.delete(record.id);
      this.#words.delete(record.id);
    } catch (error) {
      if (this.#stopped.signal.aborted) return; // the store knows where to go on
      await this.#failed(record, error).catch((cause) => this.#later(record, cause));
    }
  }

  async #stepped(record: BatchRecord): Promise<void> {
    this.#modules.onStep?.(record);
    // Its target is a state to build on now. At each later step again, should a call have failed.
    if (this.#modules.holdsState(record.header.target))
      this.add(await this.#modules.store.wake(record.header.target));
  }

  async #failed(record: BatchRecord, error: unknown): Promise<void> {
    const { store, log, metrics } = this.#modules;
    if (error instanceof SignerError && error.code === "SIGNER_SOURCE_UNKNOWN")
      return await this.#putAside(record);
    if (!isRefusal(error)) return this.#later(record, error);
    if (isNodesWord(error)) {
      const words = (this.#words.get(record.id) ?? 0) + 1;
      this.#words.set(record.id, words);
      if (words < TRIES_OF_A_WORD) return this.#later(record, error);
    }
    this.#words.delete(record.id);
    await store.save({ ...record, refusal: { code: error.code, reason: error.message } });
    this.#attempts.delete(record.id);
    metrics.batches.inc({ outcome: "refused" });
    log.warn("not attested", { batch: record.header.number, id: record.id, ...faultOf(error) });
  }

  async #putAside(record: BatchRecord): Promise<void> {
    const { store, holdsState, log, metrics } = this.#modules;
    const { source, number } = record.header;
    await store.wait(record);
    this.#attempts.delete(record.id);
    metrics.batches.inc({ outcome: "waiting" });
    log.debug("source state not held", { batch: number, id: record.id });
    // The state may have come between the look and the write.
    if (holdsState(source)) this.add(await store.wake(source));
  }

  #later(record: BatchRecord, error: unknown): void {
    const { clock, random, log, metrics } = this.#modules;
    const attempt = (this.#attempts.get(record.id) ?? 0) + 1;
    this.#attempts.set(record.id, attempt);
    const pauseMs = backoffMs(attempt, { baseMs: this.#options.retryMs, maxMs: 30_000 }, random());
    metrics.batches.inc({ outcome: "retried" });
    const level = error instanceof ZekoError && error.remedy !== "bug" ? "warn" : "error";
    log[level]("not attested yet", {
      batch: record.header.number,
      id: record.id,
      pauseMs,
      ...faultOf(error),
    });
    void clock.sleep(pauseMs, this.#stopped.signal).then(async () => {
      if (this.#stopped.signal.aborted) return;
      // A failed step may have led back; the store knows, unless it cannot be read just now.
      const stored = await this.#modules.store.batch(record.id).catch(() => undefined);
      this.#queue.push(stored ?? record);
      this.#pump();
    });
  }
}

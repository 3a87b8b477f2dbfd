import type { CheckedSet } from "../../gossip/index.ts";
import {
  type CertificateJson,
  certificateToJson,
  codeOf,
  landingWindow,
  type OuterState,
  type State,
  type ValidatorEpochs,
  type ValidatorSet,
  ZekoError,
} from "../../protocol/index.ts";
import { backoffMs, faultOf, type Service } from "../../service/index.ts";
import { SequencerError } from "../errors/SequencerError.ts";
import type { L1Follower, L1View } from "../settlement/L1Follower.ts";
import {
  assertWindow,
  buildCommit,
  certifiedEpoch,
  judgeCommit,
  type SettleModules,
} from "../settlement/settleBatch.ts";
import type { ValidatorHistory } from "../settlement/ValidatorHistory.ts";
import type { BatchRecord, Commit } from "./BatchRecord.ts";
import { type BatchStep, hasReached, outwardSteps } from "./batchSteps.ts";
import { type CertifyModules, findCertificate, findQuorumProof } from "./certifyBatch.ts";
import { encodeBatch, openBatch, type PostModules, type PostOptions, sealBatch } from "./postBatch.ts";
import { type ProveModules, proofNames, proveJoin, proveTree } from "./proveBatch.ts";
import { proverQueue } from "./proverQueue.ts";

export interface PipelineOptions {
  readonly post: PostOptions;
  /** `domainHash` of this deployment. */
  readonly domain: bigint;
  /** Between two looks at something that is not there yet, in milliseconds. */
  readonly pollMs: number;
}

export type PipelineModules = PostModules &
  CertifyModules &
  SettleModules &
  Pick<ProveModules, "store" | "prover" | "clock" | "log" | "crashPoint"> & {
    readonly follower: Pick<L1Follower, "view">;
    readonly finalityDepth: bigint;
    /** The outer account behind these batches: all from the first one on. */
    readonly outerBefore: (earlier: readonly BatchRecord[]) => OuterState;
    readonly validators: Pick<ValidatorHistory, "fieldOf" | "accepted" | "sets">;
    /** A batch that can no longer be accepted has left the pipeline, and all behind it. */
    readonly onExpired: (batch: BatchRecord) => Promise<void>;
    /** A batch is final. */
    readonly onFinal: (batch: BatchRecord) => Promise<void>;
  };

/** Polls after which a commit is judged again although L1's tip is the same. */
const JUDGE_AGAIN_POLLS = 20;

/** What a step changes in the record, or undefined when what it waits for is not there yet. */
type Change = (Partial<BatchRecord> & { readonly step: BatchStep }) | undefined;

/** Between two tries of a step that goes on failing. */
const MAX_PAUSE_MS = 8_000;

/**
 * Takes every closed batch through its steps, each batch by itself: later ones are posted and certified while an earlier
 * one is proved. Proofs are made one at a time, the oldest batch's first; commits go out in order.
 */
export class BatchPipeline implements Service {
  readonly #options: PipelineOptions;
  readonly #modules: PipelineModules;
  readonly #stopped = new AbortController();
  readonly #records = new Map<bigint, BatchRecord>();
  readonly #faults = new Map<bigint, string>();
  /** When a batch's commit was last judged: which one, at which tip and time; and at which height first. */
  readonly #judged = new Map<bigint, Readonly<{ hash: string; tip: string; atMs: number; since: bigint }>>();
  /** Targets of batches whose quorum proof is looked for ahead of its turn. */
  readonly #fetching = new WeakSet<State>();
  readonly #drivers = new Set<Promise<void>>();
  readonly #prove: ProveModules;

  constructor(options: PipelineOptions, modules: PipelineModules) {
    this.#options = options;
    this.#modules = modules;
    this.#prove = {
      ...modules,
      queue: proverQueue(),
      signal: this.#stopped.signal,
      update: (batch, change) => this.#update(batch, change),
    };
  }

  /** Goes on with every batch that is not final. */
  async start(): Promise<void> {
    for (const batch of await this.#modules.store.batches()) this.add(batch);
  }

  /** Lets the step in hand of each batch finish; a proof under way is given up with its process. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await Promise.all(this.#drivers);
  }

  /** Takes a batch that is on disk. */
  add(batch: BatchRecord): void {
    this.#records.set(batch.number, batch);
    const driver = this.#drive(batch).finally(() => this.#drivers.delete(driver));
    this.#drivers.add(driver);
  }

  /** Oldest first. */
  get batches(): readonly BatchRecord[] {
    return [...this.#records.values()].sort((a, b) => Number(a.number - b.number));
  }
  /** Batches that L1 has not accepted. */
  get open(): number {
    return this.batches.filter(({ step }) => !hasReached(step, "accepted")).length;
  }
  /** Code of what keeps a batch from going on, if anything does. */
  faultOf(number: bigint): string | undefined {
    return this.#faults.get(number);
  }

  async #drive(first: BatchRecord): Promise<void> {
    const { signal } = this.#stopped;
    const { pollMs } = this.#options;
    let failures = 0;
    while (!signal.aborted && this.#isCurrent(first)) {
      const batch = this.#records.get(first.number)!;
      if (batch.step === "final") return;
      const gotOn = await this.#tryStep(batch);
      failures = this.#faults.has(first.number) ? failures + 1 : 0;
      const pauseMs = failures > 1 ? backoffMs(failures, { baseMs: pollMs, maxMs: MAX_PAUSE_MS }, 1) : pollMs;
      if (!gotOn) await this.#modules.clock.sleep(pauseMs, signal);
    }
  }

  /** @returns whether the batch got on */
  async #tryStep(batch: BatchRecord): Promise<boolean> {
    try {
      const change = await this.#step(batch);
      this.#faults.delete(batch.number);
      if (!change) return false;
      await this.#reach(batch, change);
      return true;
    } catch (error) {
      if (this.#stopped.signal.aborted || !this.#isCurrent(batch)) return false;
      this.#note(batch, error);
      if (codeOf(error) === "SETTLEMENT_WINDOW_OVER") await this.#expire(batch);
      return false;
    }
  }

  async #reach(batch: BatchRecord, change: NonNullable<Change>): Promise<void> {
    const { store, clock, crashPoint, log } = this.#modules;
    const outward = outwardSteps.find((step) => step === change.step);
    if (outward) crashPoint(`before ${outward}`);
    const record = this.#update(batch, (standing) => ({
      ...standing,
      ...change,
      reachedMs: { [change.step]: clock.now(), ...standing.reachedMs },
    }));
    await store.putBatch(record);
    crashPoint(change.step);
    log.info("batch moved", { batch: batch.number, step: change.step });
    if (change.step === "final") await this.#finish(record);
  }

  #step(batch: BatchRecord): Promise<Change> | Change {
    switch (batch.step) {
      case "closed":
        return this.#encode(batch);
      case "encoded":
        return this.#open(batch);
      case "opened":
        return this.#seal(batch);
      case "sealed":
        return this.#certify(batch);
      case "certified":
        return this.#proveLedger(batch);
      case "ledgerProved":
        return proveTree(batch, "index", this.#prove).then(() => ({ step: "indexProved" as const }));
      case "indexProved":
        return proveJoin(batch, this.#prove).then(() => ({ step: "wrapped" as const }));
      case "wrapped":
        return this.#proveQuorum(batch);
      case "quorumProved":
        return this.#commit(batch);
      case "committed":
        return this.#send(batch);
      case "sent":
        return this.#awaitAcceptance(batch);
      case "accepted":
        return this.#awaitFinality(batch);
      case "final":
        return undefined;
    }
  }

  async #encode(batch: BatchRecord): Promise<Change> {
    const { posting, data } = await encodeBatch(batch, this.#options.post, this.#modules);
    // The bytes first: a record that speaks of them must find them.
    await this.#modules.store.putData(batch.number, data);
    return { step: "encoded", posting };
  }
  async #open(batch: BatchRecord): Promise<Change> {
    await openBatch(batch, this.#options.post, this.#modules);
    return { step: "opened" };
  }
  async #seal(batch: BatchRecord): Promise<Change> {
    // Dropped by the inbox for its age: open it again.
    return (await sealBatch(batch, this.#modules)) ? { step: "sealed" } : { step: "encoded" };
  }
  async #certify(batch: BatchRecord): Promise<Change> {
    for (const { set } of this.#acceptedSets(batch)) {
      const certificate = await findCertificate(batch, this.#certifyBy(set), this.#modules);
      if (certificate) return { step: "certified", certificate: certificateToJson(certificate) };
    }
    this.#requireTime(batch);
    return undefined;
  }
  async #proveLedger(batch: BatchRecord): Promise<Change> {
    if (!this.#fetching.has(batch.target)) {
      this.#fetching.add(batch.target);
      void this.#fetchQuorumEarly(batch);
    }
    await proveTree(batch, "ledger", this.#prove);
    return { step: "ledgerProved" };
  }
  async #proveQuorum(batch: BatchRecord): Promise<Change> {
    if (this.#isOvertaken(batch)) return { step: "sealed" };
    if (await this.#hasQuorumProof(batch)) return { step: "quorumProved" };
    const certificate = await this.#otherQuorum(batch);
    if (certificate) return { step: "quorumProved", certificate };
    this.#requireTime(batch);
    return undefined;
  }
  /**
   * The certificate and, stored, the proof of another set that L1 takes as well: in a grace there are two, and relays may go on
   * with the newer one alone. Nobody is asked to make it: the one that the batch has may just be slow.
   */
  async #otherQuorum(batch: BatchRecord): Promise<CertificateJson | undefined> {
    const others = this.#acceptedSets(batch).filter(({ set }) => set.epoch !== certifiedEpoch(batch));
    for (const { set } of others) {
      const proof = await findQuorumProof(batch, this.#certifyBy(set), this.#modules);
      if (proof === undefined) continue;
      const found = await findCertificate(batch, this.#certifyBy(set), this.#modules);
      if (!found || !this.#isCurrent(batch)) continue;
      await this.#modules.store.putForeignProof(batch.number, proofNames.quorum(set.epoch), proof);
      return certificateToJson(found);
    }
    return undefined;
  }
  /** What others never give must not hold up all behind it for ever. @throws {SequencerError} `SETTLEMENT_WINDOW_OVER` */
  #requireTime(batch: BatchRecord): void {
    const { follower, outerBefore } = this.#modules;
    const { view } = follower;
    if (!view || view.accepted >= batch.number) return;
    // Delays and pause are the same behind every batch.
    assertWindow(batch, view, landingWindow(outerBefore([]), batch.target, batch.landBy).upper);
  }
  /** Fetches and checks the relay's proof while ours are made: the first check takes seconds. What fails is told in its turn. */
  async #fetchQuorumEarly(batch: BatchRecord): Promise<void> {
    const { signal } = this.#stopped;
    const isEarly = () => !signal.aborted && this.#records.get(batch.number)?.step !== "wrapped";
    while (isEarly() && this.#isCurrent(batch)) {
      if (await this.#hasQuorumProof(batch).catch(() => false)) return;
      await this.#modules.clock.sleep(this.#options.pollMs, signal);
    }
  }
  async #hasQuorumProof(batch: BatchRecord): Promise<boolean> {
    const { store } = this.#modules;
    const epoch = certifiedEpoch(this.#records.get(batch.number) ?? batch);
    const name = proofNames.quorum(epoch);
    if ((await store.proof(batch.number, name)) !== undefined) return true;
    const found = this.#modules.validators.sets.find(({ set }) => set.epoch === epoch);
    const proof = found && (await findQuorumProof(batch, this.#certifyBy(found.set), this.#modules));
    if (proof === undefined || !this.#isCurrent(batch)) return false;
    await store.putForeignProof(batch.number, name, proof);
    return true;
  }
  #certifyBy(set: ValidatorSet) {
    return { domain: this.#options.domain, set };
  }
  /**
   * Sets whose certificate L1 will take for this batch, by what L1 and the DA chain say now.
   * @throws {SequencerError} `SETTLEMENT_VALIDATORS_UNKNOWN`
   */
  #acceptedSets(batch: BatchRecord): readonly CheckedSet[] {
    const { follower, validators, outerBefore } = this.#modules;
    const view = follower.view;
    if (!view) return validators.sets.slice(-1);
    this.#fieldOf(view);
    const { upper } = landingWindow(outerBefore([]), batch.target, batch.landBy);
    return validators.accepted(view.validators, upper);
  }
  #fieldOf({ validators: field }: L1View): ValidatorEpochs {
    const found = this.#modules.validators.fieldOf(field);
    if (!found) throw new SequencerError("SETTLEMENT_VALIDATORS_UNKNOWN", { field });
    return found;
  }
  /** Whether a rotation has taken the worth of the batch's certificate: the set in force must attest anew. */
  #isOvertaken(batch: BatchRecord): boolean {
    const { follower, log } = this.#modules;
    if (follower.view && follower.view.accepted >= batch.number) return false;
    const epoch = certifiedEpoch(batch);
    if (this.#acceptedSets(batch).some(({ set }) => set.epoch === epoch)) return false;
    log.warn("certificate of a set that L1 takes no more", { batch: batch.number, epoch });
    return true;
  }
  async #commit(batch: BatchRecord): Promise<Change> {
    const view = this.#modules.follower.view;
    if (view && view.accepted >= batch.number) return this.#accept(batch);
    // In order: until L1 holds the source, a commit could only fail.
    if (!view || view.accepted !== batch.number - 1n) return undefined;
    if (this.#isOvertaken(batch)) return { step: "sealed" };
    const earlier = this.batches.filter(({ number }) => number < batch.number);
    const outer = { ...this.#modules.outerBefore(earlier), validators: this.#fieldOf(view) };
    const modules = { ...this.#modules, ...this.#prove };
    return { step: "committed", commit: await buildCommit(batch, outer, view, modules) };
  }
  async #send(batch: BatchRecord): Promise<Change> {
    try {
      await this.#modules.l1.send(commitOf(batch).command);
    } catch (error) {
      // Whoever used the nonce: the next look at L1 judges what is to be done.
      if (codeOf(error) !== "L1_NONCE_STALE") throw error;
    }
    return { step: "sent" };
  }
  async #awaitAcceptance(batch: BatchRecord): Promise<Change> {
    const view = this.#modules.follower.view;
    if (!view) return undefined;
    if (view.accepted >= batch.number) return this.#accept(batch);
    // A reorganisation took the source back as well: its own batch comes first.
    if (view.accepted < batch.number - 1n) return undefined;
    const commit = commitOf(batch);
    const since = this.#askAgain(batch.number, commit, view);
    if (since === undefined) return undefined;
    switch (await judgeCommit(batch, commit, view, since, this.#modules)) {
      case "wait":
        return undefined;
      case "resend":
        return { step: "committed" };
      case "rebuild":
        return { step: "quorumProved" };
    }
  }
  /**
   * Once per L1 block, and now and then where none comes: a node that drops what we send is not sent it in a tight loop.
   * @returns height of L1's tip when we first asked about this commit; undefined when it is too early to ask again
   */
  #askAgain(number: bigint, { hash }: Commit, { head }: L1View): bigint | undefined {
    const nowMs = this.#modules.clock.now();
    const last = this.#judged.get(number);
    const isSoon = last !== undefined && nowMs - last.atMs < JUDGE_AGAIN_POLLS * this.#options.pollMs;
    if (isSoon && last.hash === hash && last.tip === head.hash) return undefined;
    const since = last?.hash === hash ? last.since : head.height;
    this.#judged.set(number, { hash, tip: head.hash, atMs: nowMs, since });
    return since;
  }
  #accept(batch: BatchRecord): Change {
    const { height, hash, slot } = this.#modules.follower.view!.head;
    this.#modules.log.info("batch accepted", { batch: batch.number, height, slot });
    return { step: "accepted", accepted: { height, hash, slot } };
  }
  #awaitFinality(batch: BatchRecord): Change {
    const view = this.#modules.follower.view;
    const place = batch.accepted;
    if (!view || !place) return undefined;
    if (view.accepted < batch.number) {
      this.#modules.log.warn("acceptance taken back by L1", { batch: batch.number, height: place.height });
      this.#judged.delete(batch.number); // the tip may be one that we have seen before
      // One that was rebuilt from a copy was certified, but never proved here.
      return { step: batch.commit ? "sent" : "certified" };
    }
    // The block is another one now, and holds the batch too.
    if (!view.holds(place)) return { ...this.#accept(batch)! };
    return view.head.height - place.height >= this.#modules.finalityDepth ? { step: "final" } : undefined;
  }

  /** A final batch needs no inputs and proofs; the commit's bytes are on L1. */
  async #finish(batch: BatchRecord): Promise<void> {
    const { store, onFinal } = this.#modules;
    await store.prune(batch.number);
    await onFinal(batch);
  }

  async #expire(batch: BatchRecord): Promise<void> {
    this.#forgetFrom(batch.number);
    await this.#modules.onExpired(batch);
    // One more may have been closed while the chain waited its turn to go back.
    this.#forgetFrom(batch.number);
  }

  #forgetFrom(first: bigint): void {
    for (const { number } of this.batches.filter((batch) => batch.number >= first)) {
      this.#records.delete(number);
      this.#faults.delete(number);
      this.#judged.delete(number);
    }
  }

  #update(batch: BatchRecord, change: (batch: BatchRecord) => BatchRecord): BatchRecord {
    const { number } = batch;
    if (!this.#isCurrent(batch))
      throw new SequencerError("SEQUENCER_BATCH_UNKNOWN", { number: number.toString() });
    const record = change(this.#records.get(number)!);
    this.#records.set(number, record);
    return record;
  }

  /** Whether this is still the batch of its number: it may have been taken back, and another one closed in its place. */
  #isCurrent(batch: BatchRecord): boolean {
    return this.#records.get(batch.number)?.target === batch.target;
  }

  /** One line for each new fault, not one for each try. */
  #note({ number, step }: BatchRecord, error: unknown): void {
    const code = codeOf(error);
    if (this.#faults.get(number) === code) return;
    this.#faults.set(number, code);
    const fields = { batch: number, step, ...faultOf(error) };
    if (error instanceof ZekoError && error.remedy === "retry") this.#modules.log.warn("batch waits", fields);
    else this.#modules.log.error("batch stuck", fields);
  }
}

function commitOf(batch: BatchRecord) {
  if (batch.commit) return batch.commit;
  throw new SequencerError("SEQUENCER_STORE_CORRUPT", { what: `batch ${batch.number} has no commit` });
}

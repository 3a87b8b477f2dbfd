import type { Prover } from "../circuits/index.ts";
import { type BatchId, type DaClient, DaError } from "../da/index.ts";
import { batchKeyBytes, type CheckedSet, unlessAborted } from "../gossip/index.ts";
import {
  type Attestation,
  batchMessage,
  type Certificate,
  CertificateError,
  certificateFromJson,
  certificateToJson,
  type PublicKey,
  renewalMessage,
  type Signature,
  verifyCertificate,
  verifyFields,
  ZekoError,
} from "../protocol/index.ts";
import { backoffMs, type Clock, faultOf, type Logger, type Service } from "../service/index.ts";
import type { Gatherer } from "./Gatherer.ts";
import { RelayError } from "./RelayError.ts";
import type { RelayMetrics } from "./RelayMetrics.ts";
import type { RelayRecord } from "./RelayRecord.ts";
import type { RelayResult, RelayStore } from "./RelayStore.ts";
import type { RelayCrashPoint, RelayStep } from "./relaySteps.ts";

/** Makes the proof of a quorum. */
export type QuorumProver = Pick<Prover, "prove">;

/** Batches behind the newest that may still need another set's certificate: more than wait for L1 at a sequencer. */
const RENEWABLE = 64n;

/** Validators that the narrow branch of the quorum program holds. */
const NARROW_SLOTS = 16;

export type RelayPipelineModules = {
  readonly da: Pick<DaClient, "certificateOf" | "currentEpoch" | "recordCertificate">;
  readonly store: RelayStore;
  readonly gatherer: Gatherer;
  readonly prover: QuorumProver;
  /** The set of an epoch, checked. */
  readonly setOf: (epoch: bigint) => Promise<CheckedSet>;
  readonly domain: bigint;
  /** Who may ask for a batch once more. */
  readonly sequencer: PublicKey;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  readonly metrics: RelayMetrics;
  readonly crashPoint: (point: RelayCrashPoint) => void;
};

/** Takes each batch from a quorum's signatures to a certificate, into the inbox, and to a proof. */
export class RelayPipeline implements Service {
  readonly #modules: RelayPipelineModules;
  readonly #stopped = new AbortController();
  readonly #tasks = new Map<string, Promise<void>>();
  /** Of the set in force, as last read. */
  #epoch: bigint | undefined;
  /** Highest number of a batch that there is. */
  #newest = 0n;

  constructor(modules: RelayPipelineModules) {
    this.#modules = modules;
  }

  /** Goes on with what was under way. */
  async start(): Promise<void> {
    this.#newest = await this.#modules.store.newest();
    const open = await this.#modules.store.open();
    open.sort((a, b) => (a.header.number < b.header.number ? -1 : 1));
    await this.add(open);
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await Promise.all(this.#tasks.values());
  }

  /** Of the set in force, as it was read last. */
  get epoch(): bigint | undefined {
    return this.#epoch;
  }

  /** Batches that are on disk. */
  async add(records: readonly RelayRecord[]): Promise<void> {
    for (const record of records) {
      if (record.header.number > this.#newest) this.#newest = record.header.number;
      const { set } = await this.#modules.setOf(record.epoch);
      await this.#modules.gatherer.gather(record, set);
      // A certificate may be in the inbox already: a rival relay's, or ours from before a crash.
      if (record.step !== "noticed") this.#launch(record);
      else this.adopt(record);
    }
  }

  /** A quorum's signatures are there. */
  certify(record: RelayRecord, attestations: readonly Attestation[]): void {
    this.#launch(record, () => this.#certificate(record, attestations));
  }

  /** The inbox may have a certificate that is not from us. */
  adopt(record: RelayRecord): void {
    this.#launch(record, async () => {
      const { da, log } = this.#modules;
      const asked = da.certificateOf(record.id, record.epoch);
      const recorded = await unlessAborted(asked, this.#stopped.signal);
      try {
        return recorded && (await this.#certificate(record, recorded.attestations));
      } catch (error) {
        if (!(error instanceof CertificateError)) throw error;
        // The inbox verifies what it records: the node lies. Our own signatures will do.
        log.warn("recorded certificate refused", {
          batch: record.header.number,
          id: record.id,
          ...faultOf(error),
        });
        return undefined;
      }
    });
  }

  /**
   * Told of the epoch in force, again and again. A batch whose quorum a rotation has overtaken begins again for the new set:
   * from then on validators sign as its members, and two halves of two sets are no quorum.
   */
  async observe(epoch: bigint): Promise<void> {
    if (epoch === this.#epoch) return;
    this.#epoch = epoch;
    for (const record of await this.#modules.store.open())
      if (record.step === "noticed" && record.epoch < epoch) this.#renewLater(record.id, epoch);
  }

  /**
   * The sequencer asks for a certificate of this epoch. Begins with it when that set is in force and the batch has an older one,
   * unless the batch is history.
   * @throws {RelayError} `RELAY_RENEWAL_SIGNATURE`: whoever asks, a certificate and a proof cost us
   */
  want(record: RelayRecord, epoch: bigint, signature: Signature): void {
    if (epoch !== this.#epoch || record.epoch >= epoch) return;
    if (record.header.number + RENEWABLE <= this.#newest) return;
    const { domain, sequencer } = this.#modules;
    const message = renewalMessage({ domain, batch: record.id, epoch });
    if (!verifyFields(sequencer, [message], signature)) throw new RelayError("RELAY_RENEWAL_SIGNATURE", {});
    this.#renewLater(record.id, epoch);
  }

  #renewLater(id: BatchId, epoch: bigint): void {
    this.#enqueue(id, () => this.#insist(id, async () => void (await this.#renew(id, epoch))));
  }

  /** @returns the batch at its start for this epoch's set; undefined when it has got there already */
  async #renew(id: BatchId, epoch: bigint): Promise<RelayRecord | undefined> {
    const { store, gatherer, setOf, domain, clock, log } = this.#modules;
    const record = await store.batch(id);
    if (!record || record.epoch >= epoch) return undefined;
    const { set, hash } = await unlessAborted(setOf(epoch), this.#stopped.signal);
    const message = batchMessage(hash, record.header, record.dataRoot, domain);
    const fresh = { epoch, setHash: hash, message, noticedMs: clock.now(), step: "noticed" as const };
    const next: RelayRecord = { ...record, ...fresh };
    await store.renew(next);
    log.info("gathering anew", { batch: record.header.number, id, epoch, before: record.epoch });
    await gatherer.renew(next, set);
    this.adopt(next);
    return next;
  }

  /** One task a batch. A second reason to start while one runs is looked at when that one is over. */
  #launch(record: RelayRecord, find?: () => Promise<Certificate | undefined>): void {
    this.#enqueue(record.id, () => this.#insist(record.id, () => this.#advance(record, find)));
  }

  #enqueue(id: BatchId, work: () => Promise<void>): void {
    const before = this.#tasks.get(id) ?? Promise.resolve();
    const task = before.then(work).finally(() => {
      if (this.#tasks.get(id) === task) this.#tasks.delete(id);
    });
    this.#tasks.set(id, task);
  }

  async #insist(id: BatchId, work: () => Promise<void>): Promise<void> {
    const { clock, random, log } = this.#modules;
    for (let attempt = 1; !this.#stopped.signal.aborted; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (this.#stopped.signal.aborted) return;
        const final = error instanceof ZekoError && error.remedy === "final";
        const pauseMs = backoffMs(attempt, { baseMs: final ? 10_000 : 500, maxMs: 60_000 }, random());
        const batch = (await this.#modules.store.batch(id))?.header.number ?? null;
        log[final ? "error" : "warn"]("batch held up", { batch, id, pauseMs, ...faultOf(error) });
        await clock.sleep(pauseMs, this.#stopped.signal);
      }
    }
  }

  async #advance(start: RelayRecord, find?: () => Promise<Certificate | undefined>): Promise<void> {
    let record = (await this.#modules.store.batch(start.id)) ?? start;
    // What was found is of another set's: this batch has begun again since.
    if (record.epoch !== start.epoch) return;
    if (record.step === "noticed") {
      const certificate = await find?.();
      if (!certificate) return;
      record = await this.#certified(record, certificate);
    }
    this.#modules.gatherer.settle(record.id);
    if (record.step === "certified") {
      const recorded = await this.#record(record);
      if (!recorded) return;
      record = recorded;
    }
    if (record.step === "recorded" && !this.#stopped.signal.aborted) await this.#prove(record);
  }

  /** @throws {CertificateError} when it would not stand: nothing is told to anybody then */
  async #certificate(record: RelayRecord, attestations: readonly Attestation[]): Promise<Certificate> {
    const { domain, setOf } = this.#modules;
    const { id, header, dataRoot, epoch, setHash } = record;
    const certificate: Certificate = {
      version: 1,
      batchId: batchKeyBytes(id),
      header,
      dataRoot,
      domain,
      epoch,
      setHash,
      attestations: [...attestations].sort((a, b) => a.slot - b.slot),
    };
    verifyCertificate(certificate, (await setOf(epoch)).set);
    return certificate;
  }

  async #certified(record: RelayRecord, certificate: Certificate): Promise<RelayRecord> {
    const { clock, metrics, log } = this.#modules;
    const next = await this.#to(record, "certified", { certificate: certificateToJson(certificate) });
    const ms = clock.now() - record.noticedMs;
    metrics.noticedToCertificate.observe(ms / 1000);
    const slots = certificate.attestations.map(({ slot }) => slot);
    log.info("certified", { batch: record.header.number, id: record.id, slots: slots.join(","), ms });
    return next;
  }

  /** @returns undefined when the set's grace is over: the batch begins again for the one in force */
  async #record(record: RelayRecord): Promise<RelayRecord | undefined> {
    const { da, metrics } = this.#modules;
    const { id: batch, epoch } = record;
    const { attestations } = await this.#stored(record);
    const { signal } = this.#stopped;
    const there = await unlessAborted(da.certificateOf(batch, epoch), signal);
    // Given up half-way it may still arrive: then it is found there after the restart.
    if (!there) {
      try {
        await unlessAborted(da.recordCertificate({ batch, epoch, attestations }), signal);
      } catch (error) {
        if (!isEpochOver(error)) throw error;
        if (await this.#renew(batch, await unlessAborted(da.currentEpoch(), signal))) return undefined;
        throw error;
      }
    }
    metrics.certificates.inc({ by: there ? "rival" : "us" });
    return await this.#to(record, "recorded");
  }

  async #prove(record: RelayRecord): Promise<RelayRecord> {
    const { prover, setOf, clock, metrics, log } = this.#modules;
    const { attestations } = await this.#stored(record);
    const { set } = await setOf(record.epoch);
    const branch = set.members.length <= NARROW_SLOTS ? "verify16" : "verify64";
    const began = clock.now();
    const input = { message: record.message, set, attestations };
    // A proof takes longer than a stop may: it is made again after the restart.
    const proof = await unlessAborted(
      prover.prove({ program: "quorum", branch, input }),
      this.#stopped.signal,
    );
    const ms = clock.now() - began;
    metrics.proof.observe(ms / 1000);
    const next = await this.#to(record, "proved", { proof });
    log.info("quorum proved", { batch: record.header.number, id: record.id, branch, ms });
    return next;
  }

  async #stored(record: RelayRecord): Promise<Certificate> {
    return certificateFromJson(await this.#modules.store.certificate(record.id, record.epoch));
  }

  async #to(record: RelayRecord, step: RelayStep, result?: RelayResult): Promise<RelayRecord> {
    const { store, crashPoint } = this.#modules;
    const next: RelayRecord = { ...record, step };
    crashPoint(`${step}:before`);
    await store.save(next, result);
    crashPoint(`${step}:after`);
    return next;
  }
}

/** The inbox takes no certificate of that set any more. */
function isEpochOver(error: unknown): boolean {
  return (
    error instanceof DaError &&
    error.code === "DA_REVERTED" &&
    (error.data as { error: string }).error === "ValidatorSetEpochOver"
  );
}

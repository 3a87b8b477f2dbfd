import type { DaReader } from "../da/index.ts";
import { type CheckedSet, fieldToHex, type GossipNode, unlessAborted } from "../gossip/index.ts";
import type { Replica } from "../ledger/index.ts";
import { type Domain, domainHash, domainOf, type Genesis } from "../protocol/index.ts";
import { type Clock, faultOf, type Logger } from "../service/index.ts";
import type { AttestationKey } from "./AttestationKey.ts";
import type { BatchRecord } from "./BatchRecord.ts";
import { checkData, isRightData } from "./checks/checkData.ts";
import { checkExecution } from "./checks/checkExecution.ts";
import { checkKept } from "./checks/checkKept.ts";
import { checkPayload } from "./checks/checkPayload.ts";
import { checkPoster } from "./checks/checkPoster.ts";
import { countFault } from "./countFault.ts";
import { ownAttestation, slotIn } from "./ownAttestation.ts";
import { SignerError } from "./SignerError.ts";
import type { SignerMetrics } from "./SignerMetrics.ts";
import type { SignerStore } from "./SignerStore.ts";
import type { SignerCrashPoint, SignerStep } from "./signerSteps.ts";

export type BatchStepsModules = {
  readonly da: Pick<DaReader, "batch" | "opening" | "isPoster" | "data">;
  readonly store: SignerStore;
  readonly replica: Replica;
  readonly gossip: Pick<GossipNode, "fetchData" | "publish">;
  readonly key: AttestationKey;
  /** The set in force, checked. */
  readonly currentSet: () => Promise<CheckedSet>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: SignerMetrics;
  readonly crashPoint: (point: SignerCrashPoint) => void;
};

/** Takes a batch from one step to the next. Each may be done again after a crash, with the same outcome. */
export class BatchSteps {
  readonly #genesis: Genesis;
  readonly #domain: Domain;
  readonly #domainHash: bigint;
  readonly #modules: BatchStepsModules;

  constructor(options: { readonly genesis: Genesis }, modules: BatchStepsModules) {
    this.#genesis = options.genesis;
    this.#domain = domainOf(options.genesis);
    this.#domainHash = domainHash(this.#domain);
    this.#modules = modules;
  }

  /**
   * @param signal gives up what waits for others; what is written is written whole or not at all
   * @throws any error of the checks; `isRefusal` tells which are final
   */
  advance(record: BatchRecord, signal: AbortSignal): Promise<BatchRecord> {
    switch (record.step) {
      case "noticed":
        return this.#admit(record, signal);
      case "admitted":
        return this.#fetch(record, signal);
      case "fetched":
        return this.#execute(record);
      case "executed":
        return this.#keep(record);
      case "kept":
        return this.#sign(record, signal);
      case "signed":
        return this.#publish(record);
      case "published":
        return Promise.resolve(record);
    }
  }

  async #admit(record: BatchRecord, signal: AbortSignal): Promise<BatchRecord> {
    const { da, metrics } = this.#modules;
    const count = countFault(metrics);
    // The id covers neither poster nor signature: what our node said when the batch was noticed may have been false.
    const { poster, signature } = (await unlessAborted(da.batch(record.id), signal).catch(count)) ?? record;
    const told: BatchRecord = { ...record, poster, signature };
    const opening = await unlessAborted(da.opening(record.id), signal).catch(count);
    const isPoster = da.isPoster(fieldToHex(this.#domain.rollupId), opening.poster);
    checkPoster(told, {
      domain: this.#domain,
      domainHash: this.#domainHash,
      sequencer: this.#genesis.sequencer,
      opening,
      isPoster: await unlessAborted(isPoster, signal).catch(count),
    });
    return await this.#to(told, "admitted");
  }

  async #fetch(record: BatchRecord, signal: AbortSignal): Promise<BatchRecord> {
    const data = await unlessAborted(this.fetchBytes(record), signal);
    checkData(record, data);
    this.#modules.metrics.storedBytes.inc(data.length);
    return await this.#to(record, "fetched", (next) => this.#modules.store.save(next, data));
  }

  /**
   * A batch's bytes, from our DA node, else from peers; both are believed nothing.
   * @throws {SignerError} `SIGNER_DATA_MISSING`
   */
  async fetchBytes(record: BatchRecord): Promise<Uint8Array> {
    const { gossip, log, metrics } = this.#modules;
    try {
      return await this.#dataFromChain(record).catch(countFault(metrics));
    } catch (error) {
      log.debug("DA node lacks the bytes", { batch: record.header.number, ...faultOf(error) });
    }
    try {
      const data = await gossip.fetchData(record.id, (bytes) => isRightData(record, bytes));
      metrics.fromPeers.inc();
      return data;
    } catch (cause) {
      throw new SignerError("SIGNER_DATA_MISSING", { wantBytes: record.header.dataLength }, { cause });
    }
  }

  async #dataFromChain(record: BatchRecord): Promise<Uint8Array> {
    const data = await this.#modules.da.data(record.id);
    checkData(record, data);
    return data;
  }

  async #execute(record: BatchRecord): Promise<BatchRecord> {
    const { store, replica, clock, metrics } = this.#modules;
    const data = await store.data(record.id);
    // What a bad disk did to the bytes is no fault of the batch: get them again.
    if (!data || !isRightData(record, data)) return await this.#to(record, "admitted");
    const { header } = record;
    if (!replica.has(header.source))
      throw new SignerError("SIGNER_SOURCE_UNKNOWN", { number: header.number });
    // Also when the target is held already: another batch may claim the same states with other content.
    const payload = await checkPayload(data, header, this.#domainHash, () => clock.elapsed());
    const began = clock.elapsed();
    const executed = await checkExecution(payload, replica.at(header.source), () => clock.elapsed());
    metrics.execution.observe((clock.elapsed() - began) / 1000);
    await replica.keep(executed);
    return await this.#to(record, "executed");
  }

  async #keep(record: BatchRecord): Promise<BatchRecord> {
    const { store, replica, log } = this.#modules;
    try {
      await checkKept(record, { store, replica });
    } catch (error) {
      log.error("disk lost what was written", { batch: record.header.number, ...faultOf(error) });
      await this.#to(record, "admitted");
      throw error;
    }
    return await this.#to(record, "kept");
  }

  async #sign(record: BatchRecord, signal: AbortSignal): Promise<BatchRecord> {
    const { store, key, currentSet, clock, log, metrics } = this.#modules;
    const set = await unlessAborted(currentSet(), signal);
    if (slotIn(set, key) < 0) return await this.#observe(record, set);
    const known = await store.attestation(record.id, set.set.epoch);
    // Another set of that epoch: our DA node had made it up.
    const isSame = known?.setHash === set.hash;
    const own = isSame ? known : ownAttestation(record, set, key, this.#domainHash);
    const next = await this.#to(record, "signed", (to) => store.saveSigned(to, own));
    const ms = clock.now() - record.noticedMs;
    metrics.noticedToSignature.observe(ms / 1000);
    metrics.batches.inc({ outcome: "attested" });
    const { number, dataLength } = record.header;
    log.info("attested", {
      batch: number,
      id: record.id,
      bytes: dataLength,
      slot: own.slot,
      epoch: own.epoch,
      ms,
    });
    return next;
  }

  /** Who is no member yet keeps and serves what it has checked; it signs when it is asked as a member. */
  async #observe(record: BatchRecord, { set }: CheckedSet): Promise<BatchRecord> {
    const { log, metrics } = this.#modules;
    metrics.batches.inc({ outcome: "observed" });
    log.info("kept, not attested: no member", {
      batch: record.header.number,
      id: record.id,
      epoch: set.epoch,
    });
    return await this.#to(record, "published");
  }

  async #publish(record: BatchRecord): Promise<BatchRecord> {
    const { store, gossip } = this.#modules;
    for (const { epoch, slot, signature } of await store.attestations(record.id))
      await gossip.publish({ batch: record.id, epoch, slot, signature });
    return await this.#to(record, "published");
  }

  async #to(
    record: BatchRecord,
    step: SignerStep,
    save = (next: BatchRecord) => this.#modules.store.save(next),
  ): Promise<BatchRecord> {
    const next: BatchRecord = { ...record, step };
    this.#modules.crashPoint(`${step}:before`);
    await save(next);
    this.#modules.crashPoint(`${step}:after`);
    return next;
  }
}

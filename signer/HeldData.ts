import type { BatchId } from "../da/index.ts";
import { faultOf, type Logger } from "../service/index.ts";
import { type BatchRecord, hasBytes } from "./BatchRecord.ts";
import { isRightData } from "./checks/checkData.ts";
import type { SignerMetrics } from "./SignerMetrics.ts";
import type { SignerStore } from "./SignerStore.ts";

export type HeldDataModules = {
  readonly store: SignerStore;
  /** Gets the bytes anew, from the DA chain or from peers. */
  readonly fetchBytes: (record: BatchRecord) => Promise<Uint8Array>;
  readonly log: Logger;
  readonly metrics: SignerMetrics;
};

/** The batches' bytes as they are given to others: hashed on every read, and got anew when the disk has lost them. */
export class HeldData {
  readonly #modules: HeldDataModules;
  readonly #repairs = new Map<string, Promise<Uint8Array | undefined>>();

  constructor(modules: HeldDataModules) {
    this.#modules = modules;
  }

  /** @returns undefined when this batch's bytes are not held, or lost with nobody to give them back */
  async read(id: BatchId): Promise<Uint8Array | undefined> {
    const { store } = this.#modules;
    const record = await store.batch(id);
    if (!record || !hasBytes(record)) return undefined;
    const data = await store.data(id);
    if (data && isRightData(record, data)) return data;
    const repair = this.#repairs.get(id) ?? this.#repair(record);
    this.#repairs.set(id, repair);
    return await repair.finally(() => this.#repairs.delete(id));
  }

  async #repair(record: BatchRecord): Promise<Uint8Array | undefined> {
    const { store, fetchBytes, log, metrics } = this.#modules;
    const facts = { batch: record.header.number, id: record.id };
    log.error("disk lost what was written", facts);
    try {
      const data = await fetchBytes(record);
      await store.replaceData(record.id, data);
      metrics.repairs.inc();
      log.info("batch restored", facts);
      return data;
    } catch (error) {
      log.error("batch not restored", { ...facts, ...faultOf(error) });
      return undefined;
    }
  }
}

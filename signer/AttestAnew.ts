import type { BatchId } from "../da/index.ts";
import { type CheckedSet, type GossipNode, unlessAborted } from "../gossip/index.ts";
import type { Replica } from "../ledger/index.ts";
import { faultOf, type Logger } from "../service/index.ts";
import type { AttestationDesk } from "./AttestationDesk.ts";
import type { AttestationKey } from "./AttestationKey.ts";
import type { OwnAttestation } from "./BatchRecord.ts";
import { checkKept } from "./checks/checkKept.ts";
import { ownAttestation, slotIn } from "./ownAttestation.ts";
import type { SetOfEpoch } from "./SetOfEpoch.ts";
import type { SignerStore } from "./SignerStore.ts";

export type AttestAnewModules = {
  readonly store: SignerStore;
  readonly replica: Replica;
  readonly key: AttestationKey;
  readonly sets: SetOfEpoch;
  readonly desk: Pick<AttestationDesk, "learn">;
  readonly gossip: Pick<GossipNode, "publish">;
  /** `domainHash` of the rollup. */
  readonly domain: bigint;
  readonly log: Logger;
};

/**
 * Signs batches that we keep once more, for a set that came into force after they were done: those that a rotation
 * overtook. Only for the set in force; the bytes and the state are read back again before.
 */
export class AttestAnew {
  readonly #modules: AttestAnewModules;
  readonly #running = new Map<string, Promise<OwnAttestation | undefined>>();
  readonly #stopped = new AbortController();

  constructor(modules: AttestAnewModules) {
    this.#modules = modules;
  }

  async start(): Promise<void> {}

  async stop(): Promise<void> {
    this.#stopped.abort();
    await Promise.allSettled(this.#running.values());
  }

  /** @returns undefined when this epoch's set is not in force, we are no member of it, or the batch is not done */
  attest(batch: BatchId, epoch: bigint): Promise<OwnAttestation | undefined> {
    const name = `${batch}/${epoch}`;
    const running = this.#running.get(name);
    if (running) return running;
    if (this.#stopped.signal.aborted) return Promise.resolve(undefined);
    const task = this.#attest(batch, epoch).finally(() => this.#running.delete(name));
    this.#running.set(name, task);
    return task;
  }

  async #attest(batch: BatchId, epoch: bigint): Promise<OwnAttestation | undefined> {
    const { store, replica, key, domain, desk, gossip, log } = this.#modules;
    const record = await store.batch(batch);
    if (record?.step !== "published" || record.refusal) return undefined;
    const set = await this.#setOf(epoch);
    if (!set || slotIn(set, key) < 0) return undefined;
    const known = await store.attestation(batch, epoch);
    if (known?.setHash === set.hash) return known; // else our DA node had made up a set of that epoch
    // Its state may be history by now, and with it the need for a certificate.
    if (!replica.has(record.header.target)) return undefined;
    await checkKept(record, { store, replica });
    const own = ownAttestation(record, set, key, domain);
    await store.saveSigned(record, own);
    log.info("attested anew", { batch: record.header.number, id: batch, slot: own.slot, epoch });
    await desk.learn(record);
    const { slot, signature } = own;
    await gossip.publish({ batch, epoch, slot, signature }).catch((error: unknown) => {
      log.debug("attestation not handed on", { batch: record.header.number, ...faultOf(error) });
    });
    return own;
  }

  /** The set in force when it is this epoch's. */
  async #setOf(epoch: bigint): Promise<CheckedSet | undefined> {
    const { sets } = this.#modules;
    if (sets.known?.set.epoch !== epoch) await unlessAborted(sets.recent(), this.#stopped.signal);
    return sets.known?.set.epoch === epoch ? sets.known : undefined;
  }
}

import type { BatchId } from "../da/index.ts";
import { AttestationBook, type Origin, type SignedAttestation, type Verdict } from "../gossip/index.ts";
import { batchMessage } from "../protocol/index.ts";
import { faultOf, type Logger } from "../service/index.ts";
import type { BatchRecord } from "./BatchRecord.ts";
import type { SetOfEpoch } from "./SetOfEpoch.ts";
import type { SignerMetrics } from "./SignerMetrics.ts";
import type { SignerStore } from "./SignerStore.ts";
import type { UnseenBatches } from "./UnseenBatches.ts";

export type AttestationDeskModules = {
  readonly store: Pick<SignerStore, "attestations">;
  readonly sets: SetOfEpoch;
  /** `domainHash` of the rollup. */
  readonly domain: bigint;
  /** Told of attestations to what we do not know. */
  readonly unseen: Pick<UnseenBatches, "hear">;
  readonly metrics: SignerMetrics;
  readonly log: Logger;
};

/** What a signer knows of attestations, its own and others': judges them, and gives them to peers that ask. */
export class AttestationDesk {
  readonly #modules: AttestationDeskModules;
  readonly #book = new AttestationBook();

  constructor(modules: AttestationDeskModules) {
    this.#modules = modules;
  }

  /** Whether a peer's word is passed on. */
  judge(attestation: SignedAttestation, origin: Origin): Verdict {
    const verdict = this.#book.judge(attestation, origin.peer);
    const { metrics, unseen } = this.#modules;
    metrics.gossip.inc({ verdict: verdict.kind });
    if (verdict.kind === "waiting") unseen.hear(attestation.batch as BatchId, attestation.epoch, origin.peer);
    return verdict;
  }

  /** Told of each step of a batch: from its admission on, attestations to it can be judged. */
  async learn(record: BatchRecord): Promise<void> {
    const { store, sets, domain, log } = this.#modules;
    if (record.step === "noticed") return;
    try {
      const { set, hash } = await sets.current();
      const message = batchMessage(hash, record.header, record.dataRoot, domain);
      this.#book.open({ batch: record.id, set, message });
      if (record.step !== "signed") return;
      for (const { epoch, slot, signature } of await store.attestations(record.id))
        this.#book.restore({ batch: record.id, epoch, slot, signature });
    } catch (error) {
      log.debug("attestations not judged", { batch: record.header.number, ...faultOf(error) });
    }
  }

  /** Ours, which are on disk, and those of others that we remember. */
  async attestations(batch: BatchId): Promise<SignedAttestation[]> {
    const own = (await this.#modules.store.attestations(batch)).map(({ epoch, slot, signature }) => ({
      batch,
      epoch,
      slot,
      signature,
    }));
    const others = [...new Set(own.map(({ epoch }) => epoch))].flatMap((epoch) =>
      this.#book
        .attestations(batch, epoch)
        .filter(({ slot }) => !own.some((mine) => mine.epoch === epoch && mine.slot === slot))
        .map((entry) => ({ batch, epoch, ...entry })),
    );
    return [...own, ...others];
  }
}

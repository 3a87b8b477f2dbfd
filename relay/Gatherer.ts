import type { BatchId } from "../da/index.ts";
import {
  AttestationBook,
  type AttestationFault,
  type GossipNode,
  type Origin,
  type SignedAttestation,
  type Verdict,
} from "../gossip/index.ts";
import { type Attestation, type PublicKey, samePublicKey, type ValidatorSet } from "../protocol/index.ts";
import { backoffMs, type Clock, faultOf, type Logger, type Service } from "../service/index.ts";
import { askSigner, type SignerAddress } from "./askSigner.ts";
import type { RelayMetrics } from "./RelayMetrics.ts";
import type { RelayRecord } from "./RelayRecord.ts";
import type { RelayStore } from "./RelayStore.ts";
import type { ValidatorFaults } from "./ValidatorFaults.ts";

/** Questions to signers under way at a time, over all batches. */
const MAX_ASKING = 32;
/** Longest pause before a signer is asked again. */
const MAX_PAUSE_MS = 60_000;
/** Batches whose late signatures are still taken in. */
const MAX_OPEN = 512;
/** A signer that was restarted between signing and noting so speaks twice. More is a fault. */
const REPEATS_FORGIVEN = 1;

export type GathererOptions = {
  readonly signers: readonly SignerAddress[];
  readonly askAfterMs: number;
  readonly askIntervalMs: number;
  readonly silentAfterMs: number;
};

export type GathererModules = {
  readonly store: Pick<RelayStore, "keep" | "kept">;
  readonly faults: ValidatorFaults;
  readonly metrics: RelayMetrics;
  /** Told once a batch, with signatures that make a quorum. */
  readonly onQuorum: (record: RelayRecord, attestations: readonly Attestation[]) => void;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
};

type Case = {
  readonly record: RelayRecord;
  readonly set: ValidatorSet;
  readonly over: AbortController;
  readonly repeats: Map<string, number>;
  /** Why who said so will not sign, by slot. */
  readonly refusals: Map<number, string>;
  quorum: boolean;
};

/**
 * Brings attestations together: from gossip, and by asking. Each is verified before it is kept, each validator is asked on
 * its own, and the quorum is reached with whoever is first; so nobody can hold it up.
 */
export class Gatherer implements Service {
  readonly #options: GathererOptions;
  readonly #modules: GathererModules;
  readonly #book: AttestationBook;
  readonly #cases = new Map<string, Case>();
  readonly #stopped = new AbortController();
  readonly #tasks = new Set<Promise<void>>();
  #gossip: Pick<GossipNode, "collect" | "validatorOf"> | undefined;
  #asking = 0;
  /** Weight beyond the threshold behind the newest batch with a quorum. */
  margin = 0;

  constructor(options: GathererOptions, modules: GathererModules) {
    this.#options = options;
    this.#modules = modules;
    this.#book = new AttestationBook(
      {},
      {
        onKept: (attestation) => this.#run(() => this.#kept(attestation)),
        onLateFault: (fault, attestation, source) => this.#lateFault(fault, attestation, source),
      },
    );
  }

  async start(): Promise<void> {}

  async stop(): Promise<void> {
    this.#stopped.abort();
    for (const { over } of this.#cases.values()) over.abort();
    await Promise.all(this.#tasks);
  }

  /** Where peers are asked; given once the network node exists. */
  connect(gossip: Pick<GossipNode, "collect" | "validatorOf">): void {
    this.#gossip = gossip;
  }

  /** Batches without a quorum yet. */
  get gathering(): number {
    return [...this.#cases.values()].filter(({ quorum }) => !quorum).length;
  }

  /** Slots that have not signed, and the weight of those that have. */
  standing(record: RelayRecord): { missing: number[]; weight: bigint; threshold: bigint } | undefined {
    const found = this.#cases.get(record.id);
    if (!found) return undefined;
    const signed = new Set(this.#book.attestations(record.id, record.epoch).map(({ slot }) => slot));
    const missing = found.set.members.map((_, slot) => slot).filter((slot) => !signed.has(slot));
    return { missing, weight: this.#weight(found), threshold: found.set.threshold };
  }

  /** Starts to gather for a batch, with what the store has of it already. */
  async gather(record: RelayRecord, set: ValidatorSet): Promise<void> {
    if (this.#cases.has(record.id)) return;
    const over = new AbortController();
    const entry: Case = {
      record,
      set,
      over,
      repeats: new Map(),
      refusals: new Map(),
      quorum: record.step !== "noticed",
    };
    const kept = await this.#modules.store.kept(record.id);
    this.#cases.set(record.id, entry);
    this.#forgetOldest();
    this.#book.open({ batch: record.id, set, message: record.message });
    for (const attestation of kept) this.#book.restore(attestation);
    this.#count(entry);
    for (const signer of this.#options.signers) this.#run(() => this.#ask(entry, signer));
    this.#run(() => this.#collect(entry));
    this.#run(() => this.#nameSilent(entry));
  }

  /** Gathers for another set from now on: what the one before it signed is no more of use here. */
  async renew(record: RelayRecord, set: ValidatorSet): Promise<void> {
    this.#forget(record.id);
    await this.gather(record, set);
  }

  /** A batch that needs no more signatures of ours; late ones still count for their validators. */
  settle(id: BatchId): void {
    const entry = this.#cases.get(id);
    if (entry) entry.quorum = true;
  }

  /** Judges what came by gossip. */
  judge(attestation: SignedAttestation, origin: Origin): Verdict {
    const verdict = this.#book.judge(attestation, origin.peer);
    this.#counted(verdict, "gossip");
    const isOurDoing = origin.asked && verdict.kind === "refused" && verdict.fault === "repeat";
    if (verdict.kind === "refused" && !isOurDoing)
      this.#blame(verdict.fault, attestation, origin.validator, origin.peer);
    return verdict;
  }

  /** Bytes on the topic that are no attestation. */
  garbage(origin: Origin): void {
    this.#modules.metrics.attestations.inc({ outcome: "garbage", source: "gossip" });
    const set = [...this.#cases.values()].at(-1)?.set;
    this.#modules.faults.note("garbage", origin.validator, set, { peer: origin.peer });
  }

  attestations(id: BatchId, epoch: bigint): Attestation[] {
    return this.#book.attestations(id, epoch);
  }

  async #kept(attestation: SignedAttestation): Promise<void> {
    await this.#modules.store.keep(attestation);
    const entry = this.#cases.get(attestation.batch);
    if (entry) this.#count(entry);
  }

  #count(entry: Case): void {
    const { record, set } = entry;
    const weight = this.#weight(entry);
    if (weight < set.threshold) return;
    this.margin = Number(weight - set.threshold);
    if (entry.quorum) return;
    entry.quorum = true;
    this.#modules.onQuorum(record, this.#book.attestations(record.id, record.epoch));
  }

  #weight({ record, set }: Case): bigint {
    const signed = this.#book.attestations(record.id, record.epoch);
    return signed.reduce((sum, { slot }) => sum + (set.members[slot]?.weight ?? 0n), 0n);
  }

  async #ask(entry: Case, signer: SignerAddress): Promise<void> {
    const { clock, random } = this.#modules;
    const { askAfterMs, askIntervalMs } = this.#options;
    const slot = entry.set.members.findIndex(({ publicKey }) => samePublicKey(publicKey, signer.key));
    if (slot < 0) return;
    const { signal } = entry.over;
    await clock.sleep(askAfterMs, signal);
    for (let attempt = 1; !signal.aborted && !this.#hasSigned(entry, slot); attempt++) {
      if (this.#asking < MAX_ASKING) {
        this.#asking++;
        await this.#askOnce(entry, signer, slot).finally(() => this.#asking--);
      }
      const pauseMs = backoffMs(attempt, { baseMs: askIntervalMs, maxMs: MAX_PAUSE_MS }, random());
      if (!this.#hasSigned(entry, slot)) await clock.sleep(pauseMs, signal);
    }
  }

  async #askOnce(entry: Case, signer: SignerAddress, slot: number): Promise<void> {
    const { id, epoch } = entry.record;
    const answer = await askSigner(signer, id, epoch, entry.over.signal);
    switch (answer.kind) {
      case "attestation": {
        const { attestation } = answer;
        // It was asked for its own word in this epoch.
        const own = attestation.slot === slot && attestation.epoch === epoch;
        const verdict: Verdict = own
          ? this.#book.judge(attestation, signer.url)
          : { kind: "refused", fault: "stranger" };
        this.#counted(verdict, "http");
        // A repeat here is our own question crossing its gossip.
        if (verdict.kind === "refused" && verdict.fault !== "repeat")
          this.#modules.faults.note(verdict.fault, signer.key, entry.set, factsOf(entry));
        return;
      }
      case "garbage":
        this.#modules.metrics.attestations.inc({ outcome: "garbage", source: "http" });
        this.#modules.faults.note("garbage", signer.key, entry.set, factsOf(entry));
        return;
      case "refused":
        entry.refusals.set(slot, answer.code);
        return; // named with the silent
      case "notYet":
      case "unreachable":
        return; // named when the time is up
    }
  }

  /** Peers may have what was said before we came. */
  async #collect({ record, over }: Case): Promise<void> {
    const { clock, random } = this.#modules;
    await clock.sleep(this.#options.askAfterMs, over.signal);
    for (let attempt = 1; !over.signal.aborted && !this.#cases.get(record.id)?.quorum; attempt++) {
      if (this.#gossip)
        await Promise.race([this.#gossip.collect(record.id), clock.sleep(MAX_PAUSE_MS, over.signal)]);
      const pause = { baseMs: this.#options.askIntervalMs, maxMs: MAX_PAUSE_MS };
      await clock.sleep(backoffMs(attempt, pause, random()), over.signal);
    }
  }

  async #nameSilent(entry: Case): Promise<void> {
    const { clock, faults } = this.#modules;
    const { record, set, over } = entry;
    // The date may have been set between two starts: never a wait longer than what was meant.
    const sinceMs = Math.max(0, clock.now() - record.noticedMs);
    const leftMs = this.#options.silentAfterMs - sinceMs;
    if (leftMs > 0) await clock.sleep(leftMs, over.signal);
    if (over.signal.aborted) return;
    for (const slot of this.standing(record)?.missing ?? []) {
      const code = entry.refusals.get(slot);
      const facts = { ...factsOf(entry), ...(code === undefined ? {} : { code }) };
      faults.note(code === undefined ? "silent" : "refused", set.members[slot]!.publicKey, set, facts);
    }
    // Without a quorum everybody is asked on; with one, who has not answered by now is not needed.
    if (entry.quorum) entry.over.abort();
  }

  #hasSigned({ record }: Case, slot: number): boolean {
    return this.#book.attestations(record.id, record.epoch).some((entry) => entry.slot === slot);
  }

  #blame(
    fault: AttestationFault,
    attestation: SignedAttestation,
    author: PublicKey | undefined,
    peer: string,
  ): void {
    const entry = this.#cases.get(attestation.batch);
    if (fault === "repeat" && entry && this.#isForgiven(entry, attestation, peer)) return;
    this.#modules.faults.note(fault, author, entry?.set, { ...(entry ? factsOf(entry) : {}), peer });
  }

  #isForgiven(entry: Case, { slot }: SignedAttestation, peer: string): boolean {
    const name = `${slot}/${peer}`;
    const repeats = (entry.repeats.get(name) ?? 0) + 1;
    if (entry.repeats.size < 1_024) entry.repeats.set(name, repeats);
    return repeats <= REPEATS_FORGIVEN;
  }

  #lateFault(fault: AttestationFault, attestation: SignedAttestation, peer: string): void {
    this.#modules.metrics.attestations.inc({ outcome: fault, source: "gossip" });
    this.#blame(fault, attestation, this.#gossip?.validatorOf(peer), peer);
  }

  #counted(verdict: Verdict, source: "gossip" | "http"): void {
    const outcome = verdict.kind === "refused" ? verdict.fault : verdict.kind;
    this.#modules.metrics.attestations.inc({ outcome, source });
  }

  #forgetOldest(): void {
    if (this.#cases.size <= MAX_OPEN) return;
    // One with a quorum if there is any: the others still need us.
    const all = [...this.#cases.values()];
    this.#forget((all.find(({ quorum }) => quorum) ?? all[0]!).record.id);
  }

  #forget(id: BatchId): void {
    this.#cases.get(id)?.over.abort();
    this.#book.close(id);
    this.#cases.delete(id);
  }

  #run(work: () => Promise<void>): void {
    const task = work()
      .catch((error) => this.#modules.log.error("gathering failed", faultOf(error)))
      .finally(() => this.#tasks.delete(task));
    this.#tasks.add(task);
  }
}

function factsOf({ record }: Case) {
  return { batch: record.header.number, id: record.id };
}

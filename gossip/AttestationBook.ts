import { type Signature, type ValidatorSet, verifyFields } from "../protocol/index.ts";
import type { BatchKey, SignedAttestation } from "./SignedAttestation.ts";

/** What the members of a set are asked to sign about a batch. */
export interface BatchQuestion {
  readonly batch: BatchKey;
  readonly set: ValidatorSet;
  /** `attestationMessage` for this set. */
  readonly message: bigint;
}

/**
 * How an attestation can be wrong. Closed set, good as a metric label.
 * `garbage`: not an attestation at all · `stranger`: a slot that the set does not have · `lie`: the signature is not the
 * slot's over this batch · `repeat`: the slot has signed already.
 */
export const attestationFaults = ["garbage", "stranger", "lie", "repeat"] as const;
export type AttestationFault = (typeof attestationFaults)[number];

export type Verdict =
  /** New and good: keep it, pass it on. */
  | Readonly<{ kind: "kept" }>
  /** Its batch or epoch is not known here (yet): held back and judged once it is. */
  | Readonly<{ kind: "waiting" }>
  | Readonly<{ kind: "refused"; fault: AttestationFault }>;

export type AttestationBookOptions = {
  /** Attestations over unknown batches that are held back, in all; 2,048 by default. */
  readonly maxWaiting?: number;
  /** Of those, from one source; 128 by default. A flood pushes out only its own. */
  readonly maxWaitingPerSource?: number;
  /** Batches, each in an epoch, whose attestations are held; the oldest is closed for a new one. 1,024 by default. */
  readonly maxPages?: number;
};

export type AttestationBookModules = {
  /** Called once for each good attestation, also for one that waited. */
  readonly onKept?: (attestation: SignedAttestation, source: string) => void;
  /** Called for each attestation that waited and proved wrong; others are told by `judge`. */
  readonly onLateFault?: (fault: AttestationFault, attestation: SignedAttestation, source: string) => void;
  /** Verifies a signature; protocol's own by default. */
  readonly verify?: typeof verifyFields;
};

type Page = { readonly question: BatchQuestion; readonly kept: Map<number, Signature> };
type Waiting = { readonly attestation: SignedAttestation; readonly source: string };

/**
 * Judges attestations: each is verified before it is kept, and each slot is verified at most once with success, so that
 * neither a bad signature among good ones nor a flood of them stands in the way of a quorum.
 */
export class AttestationBook {
  readonly #maxWaiting: number;
  readonly #maxPerSource: number;
  readonly #maxPages: number;
  readonly #modules: AttestationBookModules;
  readonly #verify: typeof verifyFields;
  readonly #pages = new Map<string, Page>();
  /** By source, oldest first. */
  readonly #waiting = new Map<string, Map<string, Waiting>>();
  #waitingCount = 0;

  constructor(options: AttestationBookOptions = {}, modules: AttestationBookModules = {}) {
    this.#maxWaiting = options.maxWaiting ?? 2_048;
    this.#maxPerSource = options.maxWaitingPerSource ?? 128;
    this.#maxPages = options.maxPages ?? 1_024;
    this.#modules = modules;
    this.#verify = modules.verify ?? verifyFields;
  }

  /** Opens a page for a batch and judges what waited for it. Does nothing when the page is open. */
  open(question: BatchQuestion): void {
    const name = pageName(question.batch, question.set.epoch);
    if (this.#pages.has(name)) return;
    if (this.#pages.size >= this.#maxPages) this.#pages.delete(this.#pages.keys().next().value!);
    this.#pages.set(name, { question, kept: new Map() });
    for (const { attestation, source } of this.#takeWaiting(name)) {
      const verdict = this.judge(attestation, source);
      if (verdict.kind === "refused") this.#modules.onLateFault?.(verdict.fault, attestation, source);
    }
  }

  /** Forgets a batch, in every epoch. What is kept elsewhere stays. */
  close(batch: BatchKey): void {
    for (const [name, { question }] of this.#pages) if (question.batch === batch) this.#pages.delete(name);
  }

  /** Puts back what was verified before, from a store of our own. */
  restore({ batch, epoch, slot, signature }: SignedAttestation): void {
    this.#pages.get(pageName(batch, epoch))?.kept.set(slot, signature);
  }

  /** @param source whom to hold to account: a peer id or an address */
  judge(attestation: SignedAttestation, source: string): Verdict {
    const { batch, epoch, slot, signature } = attestation;
    const page = this.#pages.get(pageName(batch, epoch));
    if (!page) {
      this.#wait(attestation, source);
      return { kind: "waiting" };
    }
    const member = page.question.set.members[slot];
    if (!member) return { kind: "refused", fault: "stranger" };
    // Before the signature: a slot that has signed costs nothing any more, however often it comes back.
    if (page.kept.has(slot)) return { kind: "refused", fault: "repeat" };
    if (signature.r === 0n || !this.#verify(member.publicKey, [page.question.message], signature))
      return { kind: "refused", fault: "lie" };
    page.kept.set(slot, signature);
    this.#modules.onKept?.(attestation, source);
    return { kind: "kept" };
  }

  /** What is kept for a batch in an epoch, by rising slot. */
  attestations(batch: BatchKey, epoch: bigint): { slot: number; signature: Signature }[] {
    const page = this.#pages.get(pageName(batch, epoch));
    return [...(page?.kept ?? [])]
      .map(([slot, signature]) => ({ slot, signature }))
      .sort((a, b) => a.slot - b.slot);
  }

  get waiting(): number {
    return this.#waitingCount;
  }

  #wait(attestation: SignedAttestation, source: string): void {
    const mine = this.#waiting.get(source) ?? new Map<string, Waiting>();
    const { batch, epoch, slot, signature } = attestation;
    // With the signature: a wrong one that came first must not stand in the way of the right one.
    const name = `${pageName(batch, epoch)}/${slot}/${signature.r.toString(36)}/${signature.s.toString(36)}`;
    if (mine.has(name)) return;
    if (mine.size >= this.#maxPerSource) this.#drop(source, mine);
    else if (this.#waitingCount >= this.#maxWaiting) this.#dropFromLargest();
    mine.set(name, { attestation, source });
    this.#waiting.set(source, mine); // also after a drop, which forgets a source that has nothing left
    this.#waitingCount++;
  }

  #drop(source: string, of: Map<string, Waiting>): void {
    const oldest = of.keys().next().value;
    if (oldest === undefined) return;
    of.delete(oldest);
    this.#waitingCount--;
    if (of.size === 0) this.#waiting.delete(source);
  }

  #dropFromLargest(): void {
    const [source, largest] = [...this.#waiting].reduce((a, b) => (b[1].size > a[1].size ? b : a));
    this.#drop(source, largest);
  }

  #takeWaiting(page: string): Waiting[] {
    const taken: Waiting[] = [];
    for (const [source, mine] of this.#waiting) {
      for (const [name, entry] of mine) {
        if (!name.startsWith(`${page}/`)) continue;
        taken.push(entry);
        mine.delete(name);
        this.#waitingCount--;
      }
      if (mine.size === 0) this.#waiting.delete(source);
    }
    return taken;
  }
}

function pageName(batch: BatchKey, epoch: bigint): string {
  return `${batch}/${epoch}`;
}

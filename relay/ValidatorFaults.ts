import type { AttestationFault } from "../gossip/index.ts";
import { type PublicKey, publicKeyToBase58, samePublicKey, type ValidatorSet } from "../protocol/index.ts";
import type { LogFields, Logger } from "../service/index.ts";
import type { RelayMetrics } from "./RelayMetrics.ts";

/**
 * Why a validator's signature is missing or worthless. `silent`: did not sign in time, or does not answer. `refused`: says
 * that the batch is wrong, which may be the sequencer's fault rather than its own. Closed set, a metric label.
 */
export type ValidatorFault = AttestationFault | "silent" | "refused";

/** Lines a batch and fault before the rest is only counted: an attacker does not fill our disk. */
const MAX_TOLD = 4_096;

/** Names whoever misbehaves: slot and key in the log, slot in the metrics. Nothing waits for it. */
export class ValidatorFaults {
  readonly #log: Logger;
  readonly #metrics: RelayMetrics;
  readonly #told = new Set<string>();
  readonly #counts = new Map<string, Map<ValidatorFault, number>>();

  constructor(modules: { readonly log: Logger; readonly metrics: RelayMetrics }) {
    this.#log = modules.log;
    this.#metrics = modules.metrics;
  }

  /** @param author the validator that proved to have sent it; undefined when nobody did */
  note(
    fault: ValidatorFault,
    author: PublicKey | undefined,
    set: ValidatorSet | undefined,
    facts: LogFields,
  ): void {
    const slot =
      author && set ? set.members.findIndex(({ publicKey }) => samePublicKey(publicKey, author)) : -1;
    const label = slot < 0 ? "unknown" : String(slot);
    this.#metrics.faults.inc({ slot: label, fault });
    const counts = this.#counts.get(label) ?? new Map<ValidatorFault, number>();
    this.#counts.set(label, counts.set(fault, (counts.get(fault) ?? 0) + 1));
    const key = `${label}/${fault}/${facts.id ?? ""}`;
    if (this.#told.has(key)) return;
    if (this.#told.size >= MAX_TOLD) this.#told.clear();
    this.#told.add(key);
    this.#log.warn("validator at fault", {
      fault,
      slot: slot < 0 ? "unknown" : slot,
      ...(author ? { validator: publicKeyToBase58(author) } : {}),
      ...facts,
    });
  }

  /** How often each fault was seen since the process started, by slot number or `unknown`. */
  get counts(): Record<string, Record<string, number>> {
    return Object.fromEntries([...this.#counts].map(([slot, of]) => [slot, Object.fromEntries(of)]));
  }
}

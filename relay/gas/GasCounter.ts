import type { GasVault } from "../../da/index.ts";
import { type CheckedSet, unlessAborted } from "../../gossip/index.ts";
import type { Logger } from "../../service/index.ts";
import { RelayError } from "../RelayError.ts";
import { claimGas, type GasClaim } from "./claimGas.ts";

export interface GasCounterOptions {
  /** HTTP addresses of signers. */
  readonly signers: readonly string[];
  /** `gasDomainHash` */
  readonly domain: bigint;
  /** Nanomina newly certified that make a transaction worth its price. */
  readonly least: bigint;
}

export interface GasCounterModules {
  readonly vault: GasVault;
  readonly currentSet: () => Promise<CheckedSet>;
  readonly log: Logger;
}

/** Claims under way at once: each asks every signer. */
const MAX_OPEN = 8;

/** Where a newcomer without a coin has its gas claimed. Who asks twice while the first claim runs gets the same answer. */
export class GasCounter {
  readonly #options: GasCounterOptions;
  readonly #modules: GasCounterModules;
  readonly #open = new Map<bigint, Promise<GasClaim>>();

  constructor(options: GasCounterOptions, modules: GasCounterModules) {
    this.#options = options;
    this.#modules = modules;
  }

  /** @throws {RelayError} `RELAY_GAS_BUSY` and those of `claimGas`; {DaError}; {GossipError} `SET_MISMATCH` */
  async claim(recipient: bigint, signal: AbortSignal): Promise<GasClaim> {
    let claim = this.#open.get(recipient);
    if (!claim) {
      if (this.#open.size >= MAX_OPEN) throw new RelayError("RELAY_GAS_BUSY", {});
      claim = this.#claim(recipient).finally(() => this.#open.delete(recipient));
      this.#open.set(recipient, claim);
    }
    return await unlessAborted(claim, signal);
  }

  async #claim(recipient: bigint): Promise<GasClaim> {
    const { vault, currentSet, log } = this.#modules;
    const claim = await claimGas({ ...this.#options, recipient, set: await currentSet() }, vault);
    const paid = claim.after.paid - claim.before.paid;
    if (paid > 0n) log.info("gas paid out", { recipient: `0x${recipient.toString(16)}`, nanomina: paid });
    return claim;
  }
}

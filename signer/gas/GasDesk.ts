import { type GasDomain, gasDomainHash, gasMessage, type Signature } from "../../protocol/index.ts";
import type { AttestationKey } from "../AttestationKey.ts";
import { slotIn } from "../ownAttestation.ts";
import type { SetOfEpoch } from "../SetOfEpoch.ts";
import { SignerError } from "../SignerError.ts";
import type { GasStore } from "./GasStore.ts";

/** Our signature over what has been locked for a recipient. */
export interface SignedGasTotal {
  readonly recipient: bigint;
  readonly total: bigint;
  readonly epoch: bigint;
  /** Our place in that epoch's set. */
  readonly slot: number;
  readonly setHash: bigint;
  readonly message: bigint;
  readonly signature: Signature;
}

export interface GasDeskModules {
  readonly store: GasStore;
  readonly sets: Pick<SetOfEpoch, "current">;
  readonly key: AttestationKey;
}

/** Signatures remembered: each costs 10 ms, and whoever asks pays nothing. */
const MAX_REMEMBERED = 4_096;

/**
 * Signs totals for who asks. Only what the store holds, which is k deep and on disk; as totals only grow, no two signatures
 * contradict each other, and one that is asked for twice is the same. A total that a recipient had some locks ago is signed too:
 * a validator that is ahead of others can agree with them. No other is, so signatures are as many as locks, which cost MINA.
 */
export class GasDesk {
  readonly #domain: bigint;
  readonly #modules: GasDeskModules;
  readonly #remembered = new Map<string, SignedGasTotal>();

  constructor(domain: GasDomain, modules: GasDeskModules) {
    this.#domain = gasDomainHash(domain);
    this.#modules = modules;
  }

  /**
   * @param wanted one of the totals that the recipient has had; its last one by default
   * @throws {SignerError} `SIGNER_GAS_NONE`, `SIGNER_NO_MEMBER`; {DaError}; {GossipError} `SET_MISMATCH`
   */
  async signed(recipient: bigint, wanted?: bigint): Promise<SignedGasTotal> {
    const { store, sets, key } = this.#modules;
    const totals = await store.totals(recipient);
    const total = wanted === undefined ? totals.at(-1) : totals.find((known) => known === wanted);
    if (total === undefined) throw new SignerError("SIGNER_GAS_NONE", {});
    const checked = await sets.current();
    const { epoch } = checked.set;
    const name = `${recipient}/${total}/${epoch}`;
    const known = this.#remembered.get(name);
    if (known) return known;
    const slot = slotIn(checked, key);
    if (slot < 0) throw new SignerError("SIGNER_NO_MEMBER", { epoch });
    const message = gasMessage(checked.hash, this.#domain, { recipient, total });
    const signature = key.sign([message]);
    const signed = { recipient, total, epoch, slot, setHash: checked.hash, message, signature };
    if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(name, signed);
    return signed;
  }
}

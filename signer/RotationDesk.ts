import {
  mirroredMessage,
  type OuterState,
  outerAfterRotation,
  type RotationTerms,
  type Signature,
  validatorEpochsHash,
} from "../protocol/index.ts";
import type { AttestationKey } from "./AttestationKey.ts";
import type { L1Finality } from "./L1Finality.ts";
import { SignerError } from "./SignerError.ts";

/** A rotation by what Mina's field of validators is made of. */
export type RotationNames = Pick<RotationTerms, "current" | "next" | "until" | "kind">;

export interface RotationDeskModules {
  readonly key: AttestationKey;
  /** Undefined without a Mina node of our own: then nothing is confirmed. */
  readonly finality?: Pick<L1Finality, "validators"> | undefined;
}

/**
 * Confirms to the DA chain that Mina holds a rotation for good. The field is a hash: who asks must say what is behind it, and
 * nothing is signed for any other. So the DA chain, which cannot see Mina, follows what a quorum of the next set has seen.
 */
export class RotationDesk {
  readonly #genesis: OuterState;
  readonly #modules: RotationDeskModules;

  /** @param genesis the outer account as it was deployed: its domain and delays never change */
  constructor(genesis: OuterState, modules: RotationDeskModules) {
    this.#genesis = genesis;
    this.#modules = modules;
  }

  /** @throws {SignerError} `SIGNER_ROTATION_NOT_FINAL` */
  confirm({ current, next, until, kind }: RotationNames): Signature {
    const before = { ...this.#genesis, validators: { ...this.#genesis.validators, current } };
    const { validators } = outerAfterRotation(before, { next, until, kind });
    if (this.#modules.finality?.validators !== validatorEpochsHash(validators))
      throw new SignerError("SIGNER_ROTATION_NOT_FINAL", {});
    const { domain } = this.#genesis.governance;
    return this.#modules.key.sign([mirroredMessage({ domain, next, until, kind })]);
  }
}

import { Bool, Field, PublicKey, Scalar, Signature, UInt32, UInt64 } from "o1js";
import type { Attestation, Validator, ValidatorSet } from "../../protocol/index.ts";
import { QuorumRule, QuorumSlot } from "./QuorumStatement.ts";

/** What a quorum proof is made from. A slot that attests twice counts once: the later entry stands. */
export interface QuorumInput {
  /** `attestationMessage` of protocol/. */
  readonly message: bigint;
  readonly set: ValidatorSet;
  readonly attestations: readonly Attestation[];
}

export type QuorumBranch = "verify16" | "verify64";
export const quorumSlots: Readonly<Record<QuorumBranch, number>> = { verify16: 16, verify64: 64 };

/** The narrowest branch that holds the set. */
export function quorumBranch(set: Pick<ValidatorSet, "members">): QuorumBranch {
  return set.members.length <= quorumSlots.verify16 ? "verify16" : "verify64";
}

// What empty slots hold: any point and any signature will do, as neither counts.
const NOBODY: Validator = { publicKey: { x: 1n, isOdd: false }, weight: 0n };
const NO_SIGNATURE: Signature = Signature.fromValue({ r: 1n, s: 1n });

/** Pads the set to `slots` places and puts each signature where its member stands. */
export function quorumWitness(
  { message, set, attestations }: QuorumInput,
  slots: number,
): { message: Field; rule: QuorumRule; slots: QuorumSlot[] } {
  const signatures = new Map(attestations.map(({ slot, signature }) => [slot, signature]));
  const slotAt = (i: number) => {
    const { publicKey, weight } = set.members[i] ?? NOBODY;
    const signature = signatures.get(i);
    return new QuorumSlot({
      occupied: Bool(i < set.members.length),
      key: PublicKey.from({ x: Field(publicKey.x), isOdd: Bool(publicKey.isOdd) }),
      weight: UInt32.from(weight),
      signed: Bool(signature !== undefined),
      signature: signature
        ? Signature.fromObject({ r: Field(signature.r), s: Scalar.from(signature.s) })
        : NO_SIGNATURE,
    });
  };
  return {
    message: Field(message),
    rule: new QuorumRule({ threshold: UInt64.from(set.threshold), epoch: UInt64.from(set.epoch) }),
    slots: Array.from({ length: slots }, (_, i) => slotAt(i)),
  };
}

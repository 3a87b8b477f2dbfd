import type { Attestation } from "./certificate.ts";
import { CertificateError } from "./errors/CertificateError.ts";
import { ValidatorSetError } from "./errors/ValidatorSetError.ts";
import { hash } from "./poseidon.ts";
import { MAX_UINT32 } from "./quantities.ts";
import { verifyFields } from "./signature.ts";
import { tags } from "./tags.ts";
import { checkedValidatorSet, type ValidatorSet, validatorSetHash } from "./validatorSet.ts";

/**
 * What ends with a rotation. `normal`: nothing at once, the old set's certificates stay good for a grace. `removal`: all
 * that the old set could do, because a key of it is in wrong hands.
 */
export const rotationKinds = ["normal", "removal"] as const;
export type RotationKind = (typeof rotationKinds)[number];

/** One change of the validator set, as it is agreed to. */
export interface RotationTerms {
  /** `domainHash` of the deployment. */
  readonly domain: bigint;
  /** `validatorSetHash` of the set in force, and of the one that follows; their epochs are in them. */
  readonly current: bigint;
  readonly next: bigint;
  /** H(S) of a state that L1 has accepted: what every member of the next set has rebuilt. */
  readonly state: bigint;
  /** Last Mina slot at which L1 may take it. 32 bits. */
  readonly until: bigint;
  readonly kind: RotationKind;
}

/** What a quorum of the current set signs. Twins: circuits/outer/applyRotation.ts, contracts/libraries/ZekoHash.sol */
export function rotationMessage({ domain, current, next, state, until, kind }: RotationTerms): bigint {
  return hash(tags.rotate, [domain, current, next, state, until, kind === "removal" ? 1n : 0n]);
}

/** What every member of the next set signs, once it has rebuilt the state and read it back. Twin: circuits/outer/applyRotation.ts */
export function possessionMessage({ domain, next, state }: Omit<RotationTerms, "until" | "kind">): bigint {
  return hash(tags.possession, [domain, next, state]);
}

/**
 * What a quorum of the next set signs once Mina holds the rotation too deep to be taken back: that the DA chain may follow.
 * Twin: contracts/libraries/ZekoHash.sol
 */
export function mirroredMessage({
  domain,
  next,
  until,
  kind,
}: Pick<RotationTerms, "domain" | "next" | "until" | "kind">): bigint {
  return hash(tags.mirrored, [domain, next, until, kind === "removal" ? 1n : 0n]);
}

/**
 * @throws {ValidatorSetError} any code; `SET_EPOCH` unless `next` follows `current`
 */
export function checkedSuccessor(current: ValidatorSet, next: ValidatorSet): ValidatorSet {
  checkedValidatorSet(next);
  if (next.epoch !== current.epoch + 1n || next.epoch > MAX_UINT32)
    throw new ValidatorSetError("SET_EPOCH", { epoch: next.epoch, expected: current.epoch + 1n });
  return next;
}

/** A change of the set and what has been signed of it so far. */
export interface Rotation extends Omit<RotationTerms, "current" | "next"> {
  readonly current: ValidatorSet;
  readonly next: ValidatorSet;
  /** Of members of `current`, by strictly rising slot. */
  readonly approvals: readonly Attestation[];
  /** Of members of `next`, by strictly rising slot. */
  readonly possessions: readonly Attestation[];
}

/** The two sets by their hashes. */
export function termsOf(rotation: Omit<Rotation, "approvals" | "possessions">): RotationTerms {
  const { domain, current, next, state, until, kind } = rotation;
  return {
    domain,
    current: validatorSetHash(current),
    next: validatorSetHash(next),
    state,
    until,
    kind,
  };
}

/** What is still missing before L1 takes a rotation. */
export interface RotationStanding {
  /** Weight that has approved, and the weight that it takes. */
  readonly approved: bigint;
  readonly threshold: bigint;
  /** Slots of the next set that have not signed. */
  readonly missing: readonly number[];
}

/**
 * Verifies every signature.
 * @throws {ValidatorSetError}; {CertificateError} `CERTIFICATE_SIGNER`, `CERTIFICATE_SIGNATURE`
 */
export function rotationStanding(rotation: Rotation): RotationStanding {
  const { current, next, approvals, possessions } = rotation;
  checkedValidatorSet(current);
  checkedSuccessor(current, next);
  const terms = termsOf(rotation);
  checkVotes(current, rotationMessage(terms), approvals);
  checkVotes(next, possessionMessage(terms), possessions);
  const there = new Set(possessions.map(({ slot }) => slot));
  return {
    approved: approvals.reduce((sum, { slot }) => sum + current.members[slot]!.weight, 0n),
    threshold: current.threshold,
    missing: next.members.map((_, slot) => slot).filter((slot) => !there.has(slot)),
  };
}

function checkVotes({ members }: ValidatorSet, message: bigint, votes: readonly Attestation[]): void {
  let last = -1;
  for (const { slot, signature } of votes) {
    const member = members[slot];
    if (!member || slot <= last) throw new CertificateError("CERTIFICATE_SIGNER", { index: slot });
    if (!verifyFields(member.publicKey, [message], signature))
      throw new CertificateError("CERTIFICATE_SIGNATURE", { index: slot });
    last = slot;
  }
}

import { ValidatorSetError } from "./errors/ValidatorSetError.ts";
import { MAX_VALIDATORS } from "./limits.ts";
import { hash } from "./poseidon.ts";
import { checkedPublicKey, comparePublicKeys, type PublicKey, publicKeyFields } from "./publicKey.ts";
import { MAX_UINT32 } from "./quantities.ts";
import { tags } from "./tags.ts";

export interface Validator {
  readonly publicKey: PublicKey;
  /** 1 to 2³² − 1. */
  readonly weight: bigint;
}

/** Who may attest, from one rotation to the next. */
export interface ValidatorSet {
  /** 0 at genesis, one more with each rotation. 32 bits. */
  readonly epoch: bigint;
  /** Weight that makes a quorum; above half of the total. */
  readonly threshold: bigint;
  /** By strictly rising key. */
  readonly members: readonly Validator[];
}

/** n − ⌊n/3⌋: a majority that lives with a third failing. */
export function defaultThreshold(total: bigint): bigint {
  return total - total / 3n;
}

export function totalWeight(set: Pick<ValidatorSet, "members">): bigint {
  return set.members.reduce((sum, { weight }) => sum + weight, 0n);
}

/** @throws {ValidatorSetError} any code; {FieldError} `KEY_MALFORMED` */
export function checkedValidatorSet(set: ValidatorSet): ValidatorSet {
  const { members, threshold } = set;
  if (members.length < 1 || members.length > MAX_VALIDATORS) {
    throw new ValidatorSetError("SET_SIZE", { size: members.length, maximum: MAX_VALIDATORS });
  }
  for (const [index, { publicKey, weight }] of members.entries()) {
    checkedPublicKey(publicKey);
    if (weight < 1n || weight > MAX_UINT32) throw new ValidatorSetError("SET_WEIGHT", { index });
    const before = members[index - 1];
    if (before && comparePublicKeys(before.publicKey, publicKey) >= 0)
      throw new ValidatorSetError("SET_ORDER", { index });
  }
  const total = totalWeight(set);
  if (threshold > total || 2n * threshold <= total)
    throw new ValidatorSetError("SET_THRESHOLD", { threshold, total });
  return set;
}

/** Fold over the members in order; count, threshold and epoch are in it. */
export function validatorSetHash({ epoch, threshold, members }: ValidatorSet): bigint {
  const start = hash(tags.setStart, [BigInt(members.length), threshold, epoch]);
  return members.reduce(
    (fold, { publicKey, weight }) => hash(tags.setSlot, [fold, ...publicKeyFields(publicKey), weight]),
    start,
  );
}

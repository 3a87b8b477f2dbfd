import { checkedValidatorSet, type ValidatorSet, validatorSetHash } from "../protocol/index.ts";
import { GossipError } from "./GossipError.ts";

/** Where the sets are kept: the DA chain. */
export interface SetReader {
  validatorSet(epoch: bigint): Promise<ValidatorSet & { readonly hash: bigint }>;
}

/** A set with its hash, computed here. */
export interface CheckedSet {
  readonly set: ValidatorSet;
  readonly hash: bigint;
}

/**
 * The validator set of an epoch, from a node that is not believed: its hash is computed anew, and that of epoch 0 must be
 * the genesis file's.
 * @throws {GossipError} `SET_MISMATCH`; {ValidatorSetError}; whatever the reader throws
 */
export async function checkedSet(
  reader: SetReader,
  epoch: bigint,
  genesis: ValidatorSet,
): Promise<CheckedSet> {
  const { threshold, members, hash: claimed } = await reader.validatorSet(epoch);
  const set = checkedValidatorSet({ epoch, threshold, members });
  const hash = validatorSetHash(set);
  if (hash !== claimed || (epoch === 0n && hash !== validatorSetHash(genesis)))
    throw new GossipError("SET_MISMATCH", { epoch });
  return { set, hash };
}

import type { Attestation, ValidatorSet } from "../protocol/index.ts";

/**
 * As few of the votes as make the set's threshold, heaviest first: each costs gas.
 * @param votes of members @returns by rising slot; all of them when they do not make it
 */
export function enoughVotes(
  { members, threshold }: ValidatorSet,
  votes: readonly Attestation[],
): readonly Attestation[] {
  const weightOf = ({ slot }: Attestation) => members[slot]?.weight ?? 0n;
  const heaviest = votes.toSorted((a, b) => Number(weightOf(b) - weightOf(a)) || a.slot - b.slot);
  let weight = 0n;
  const taken = heaviest.filter((vote) => {
    if (weight >= threshold) return false;
    weight += weightOf(vote);
    return true;
  });
  return taken.sort((a, b) => a.slot - b.slot);
}

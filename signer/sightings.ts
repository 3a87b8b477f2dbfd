import type { L1Block, L1BlockId } from "../l1/index.ts";

/** As many blocks as a daemon can tell of: what was seen before must be found among them, or it is not believed any more. */
export const SIGHTING_WINDOW = 291;

/** Sightings kept; more than blocks that can stand between a tip and its finality. */
const MAX_SIGHTINGS = 1_024;

/** The newest sighting that stands, and its ancestors; without one, nobody knows which of them were taken back. */
export function stillStanding<S extends L1BlockId>(
  sightings: readonly S[],
  chain: readonly L1Block[],
): readonly S[] {
  const inChain = new Set(chain.map(({ stateHash }) => stateHash));
  return sightings.slice(0, sightings.findLastIndex(({ stateHash }) => inChain.has(stateHash)) + 1);
}

/** With what was seen at a tip, unless that tip was seen before. */
export function withSighting<S extends L1BlockId>(sightings: readonly S[], seen: S): readonly S[] {
  if (sightings.at(-1)?.stateHash === seen.stateHash) return sightings;
  return [...sightings, seen].slice(-MAX_SIGHTINGS);
}

export function sightingsDiffer(before: readonly L1BlockId[], after: readonly L1BlockId[]): boolean {
  return (
    before.length !== after.length || before.some(({ stateHash }, i) => stateHash !== after[i]!.stateHash)
  );
}

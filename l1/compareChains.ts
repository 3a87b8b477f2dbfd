import type { ChainChange, L1Block, L1BlockId } from "./L1Client.ts";

/**
 * What changed between what was known and what a node now calls its best chain.
 *
 * @param known blocks as last seen, any order; only the newest are needed, as many as a reorganisation may drop
 * @param current the best chain's last blocks, any order, at least one
 */
export function compareChains(known: readonly L1BlockId[], current: readonly L1Block[]): ChainChange {
  const chain = current.toSorted((a, b) => a.height - b.height);
  const now = new Set(chain.map(({ stateHash }) => stateHash));
  // A known block beneath the window is not dropped: we are only not shown it.
  const lowest = chain[0]?.height ?? 0;
  const dropped = known
    .filter(({ height, stateHash }) => height >= lowest && !now.has(stateHash))
    .toSorted((a, b) => b.height - a.height);
  const before = new Set(known.map(({ stateHash }) => stateHash));
  const added = chain.filter(({ stateHash }) => !before.has(stateHash));
  const first = added[0];
  const linked = first === undefined || before.has(first.previousStateHash);
  return { dropped, added, linked };
}

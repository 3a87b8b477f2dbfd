import type { Bool, Field } from "o1js";
import { indexedNode } from "./IndexedLeaf.ts";

/**
 * Root of an indexed map in which `leaf` stands at `index`.
 *
 * @param index bits of the place, lowest first, one per level
 * @param path siblings from the leaf up. The prover's choice: a wrong one gives another root, which the caller compares.
 * Rows: about 15 a level.
 */
export function indexedRoot(leaf: Field, index: readonly Bool[], path: readonly Field[]): Field {
  let hash = leaf;
  for (const [height, sibling] of path.entries()) {
    const isRight = index[height]!;
    // One product instead of two selections: left = hash + bit·(sibling − hash), right = the rest of the sum.
    const left = isRight.toField().mul(sibling.sub(hash)).add(hash).seal();
    const right = sibling.add(hash).sub(left).seal();
    hash = indexedNode(left, right);
  }
  return hash;
}

/** As {@link indexedRoot}, for two leaves at the same place: before and after. */
export function indexedRoots(
  leaves: { readonly before: Field; readonly after: Field },
  index: readonly Bool[],
  path: readonly Field[],
): { before: Field; after: Field } {
  return {
    before: indexedRoot(leaves.before, index, path),
    after: indexedRoot(leaves.after, index, path),
  };
}

import { Field, Poseidon, Struct } from "o1js";
import { tags } from "../../protocol/index.ts";

/** An entry of an indexed map and the key that follows it (0: none). Leaf 0 is (0, 0, first key). */
export class IndexedLeaf extends Struct({ key: Field, value: Field, nextKey: Field }) {
  hash(): Field {
    return Poseidon.hashWithPrefix(tags.indexedLeaf, [this.key, this.value, this.nextKey]);
  }
}

/** What stands where no leaf was ever set. */
export const EMPTY_INDEXED_LEAF = Field(0);

/** Node of an indexed map; the same at every height. */
export function indexedNode(left: Field, right: Field): Field {
  return Poseidon.hashWithPrefix(tags.indexedNode, [left, right]);
}

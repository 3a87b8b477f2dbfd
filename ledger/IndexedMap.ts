import { hash, tags } from "../protocol/index.ts";
import { LedgerError } from "./errors/LedgerError.ts";
import { MerkleTree, rootOfPath, type TreeHasher } from "./MerkleTree.ts";
import { OrderedMap } from "./OrderedMap.ts";
import type { IndexedLeaf, InsertTrace } from "./traces.ts";

/** What stands for a leaf never written. Nothing hashes to it that anybody could find. */
export const EMPTY_INDEXED_LEAF = 0n;

/** H("ZekoIndexedLeaf/1", [key, value, nextKey]). */
export function indexedLeafHash({ key, value, nextKey }: IndexedLeaf): bigint {
  return hash(tags.indexedLeaf, [key, value, nextKey]);
}

/** H("ZekoIndexedNode/1", [left, right]), the same at every height. */
export function indexedNodeHash(_height: number, left: bigint, right: bigint): bigint {
  return hash(tags.indexedNode, [left, right]);
}

const indexedHasher: TreeHasher<IndexedLeaf> = {
  emptyLeaf: EMPTY_INDEXED_LEAF,
  hashLeaf: indexedLeafHash,
  hashNode: indexedNodeHash,
};

/**
 * Indexed Merkle map of depth 35: keys in insertion order, each leaf naming the next larger key, so that both presence
 * and absence have a proof of one path. Leaf 0, (0, 0, first key), is the lower bound; key 0 is nobody's.
 */
export class IndexedMap {
  #tree: MerkleTree<IndexedLeaf>;
  /** key → index of its leaf; holds 0 → 0 from the start. */
  #order: OrderedMap<bigint>;

  private constructor(tree: MerkleTree<IndexedLeaf>, order: OrderedMap<bigint>) {
    this.#tree = tree;
    this.#order = order;
  }

  /** The map with its lower bound alone: length 1. */
  static empty(): IndexedMap {
    const tree = new MerkleTree(indexedHasher);
    tree.set(0n, { key: 0n, value: 0n, nextKey: 0n });
    return new IndexedMap(tree, OrderedMap.empty<bigint>().with(0n, 0n));
  }

  /** A map from leaves in index order, as `leaves` lists them. The caller compares the root. */
  static fromLeaves(leaves: Iterable<IndexedLeaf>): IndexedMap {
    const tree = new MerkleTree(indexedHasher);
    let order = OrderedMap.empty<bigint>();
    let index = 0n;
    for (const leaf of leaves) {
      tree.set(index, leaf);
      order = order.with(leaf.key, index);
      index++;
    }
    return new IndexedMap(tree, order);
  }

  /** A map with the same entries. Later changes of either do not show in the other. */
  fork(): IndexedMap {
    return new IndexedMap(this.#tree.fork(), this.#order);
  }

  /** Number of leaves, the lower bound included: the index of the next one. Part of the state. */
  get length(): bigint {
    return BigInt(this.#order.size);
  }

  get(key: bigint): bigint | null {
    const index = this.#order.get(key);
    return index === undefined || key === 0n ? null : this.#tree.get(index)!.value;
  }

  root(): bigint {
    return this.#tree.root();
  }

  path(index: bigint): bigint[] {
    return this.#tree.path(index);
  }

  /** Leaves in index order. */
  *leaves(): Generator<IndexedLeaf> {
    for (const [, leaf] of this.#tree.entries()) yield leaf;
  }

  /** Leaves that differ from `older`'s, a map that this one came from, in index order. */
  changesSince(older: IndexedMap): Generator<[index: bigint, leaf: IndexedLeaf]> {
    return this.#tree.changesSince(older.#tree);
  }

  /** The leaf that must be opened to show where `key` stands or would stand: the largest key ≤ `key`. */
  low(key: bigint): { index: bigint; leaf: IndexedLeaf } {
    const [, index] = this.#order.floor(key)!;
    return { index, leaf: this.#tree.get(index)! };
  }

  /**
   * Adds a key, without hashing anything.
   * @param key a field element other than 0, not in the map
   * @throws {LedgerError} `LEDGER_KEY_EXISTS`
   */
  insert(key: bigint, value: bigint): void {
    const low = this.low(key);
    if (low.leaf.key === key) throw new LedgerError("LEDGER_KEY_EXISTS", { key });
    const index = this.length;
    this.#tree.set(low.index, { ...low.leaf, nextKey: key });
    this.#tree.set(index, { key, value, nextKey: low.leaf.nextKey });
    this.#order = this.#order.with(key, index);
  }

  /** {@link insert}, with the paths and roots that a circuit needs to follow it. */
  insertTraced(key: bigint, value: bigint): InsertTrace {
    const index = this.length;
    const { index: lowIndex, leaf } = this.low(key);
    const rootBefore = this.root();
    const lowPath = this.path(lowIndex);
    this.insert(key, value);
    // The path of the new leaf does not depend on the leaf itself, so it is the same before and after step 3.
    const path = this.path(index);
    const rootMiddle = rootOfPath(indexedNodeHash, index, EMPTY_INDEXED_LEAF, path);
    return {
      key,
      value,
      index,
      low: { index: lowIndex, leaf, path: lowPath },
      path,
      rootBefore,
      rootMiddle,
      rootAfter: this.root(),
    };
  }
}

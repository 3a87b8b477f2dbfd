/** Depth of every tree of the rollup: Mina's ledger depth. */
export const TREE_DEPTH = 35;
/** Leaves of such a tree; indices are below it. */
export const TREE_CAPACITY = 1n << BigInt(TREE_DEPTH);

/** How one kind of tree hashes. Leaves never set have the hash `emptyLeaf`. */
export interface TreeHasher<Leaf> {
  readonly emptyLeaf: bigint;
  readonly hashLeaf: (leaf: Leaf) => bigint;
  /** @param height of the children: 0 for two leaves. */
  readonly hashNode: (height: number, left: bigint, right: bigint) => bigint;
}

interface Node<Leaf> {
  /** The tree that may still write to this node; all others copy it first. */
  readonly owner: object;
  /** Undefined until somebody asks. */
  hash: bigint | undefined;
  left: Node<Leaf> | undefined;
  right: Node<Leaf> | undefined;
  leaf: Leaf | undefined;
}

/**
 * Sparse Merkle tree of depth 35 that forks in constant time: forks share all nodes, and copy those they change.
 *
 * Nothing is hashed when a leaf is set. `root` and `path` hash what they need, each changed node once, so that a
 * block's or a batch's changes cost one pass however often they touched the same account.
 */
export class MerkleTree<Leaf> {
  readonly #hasher: TreeHasher<Leaf>;
  readonly #zeros: readonly bigint[];
  #owner: object = {};
  #root: Node<Leaf> | undefined;

  constructor(hasher: TreeHasher<Leaf>) {
    this.#hasher = hasher;
    this.#zeros = emptyHashes(hasher);
  }

  /** A tree with the same leaves. Later changes of either do not show in the other. */
  fork(): MerkleTree<Leaf> {
    const copy = new MerkleTree(this.#hasher);
    copy.#root = this.#root;
    this.#owner = {}; // what both share belongs to neither from now on
    return copy;
  }

  get(index: bigint): Leaf | undefined {
    let node = this.#root;
    for (let height = TREE_DEPTH - 1; node && height >= 0; height--) node = childOf(node, index, height);
    return node?.leaf;
  }

  set(index: bigint, leaf: Leaf): void {
    this.#root = this.#writable(this.#root);
    let node = this.#root;
    for (let height = TREE_DEPTH - 1; height >= 0; height--) {
      const child = this.#writable(childOf(node, index, height));
      if (isRight(index, height)) node.right = child;
      else node.left = child;
      node = child;
    }
    node.leaf = leaf;
  }

  root(): bigint {
    return this.#hash(this.#root, TREE_DEPTH);
  }

  /** Hash of the leaf at `index`, the empty leaf's where there is none. */
  leafHash(index: bigint): bigint {
    let node = this.#root;
    for (let height = TREE_DEPTH - 1; node && height >= 0; height--) node = childOf(node, index, height);
    return this.#hash(node, 0);
  }

  /** Hashes of the siblings from the leaf to the root: 35 of them. */
  path(index: bigint): bigint[] {
    const path = new Array<bigint>(TREE_DEPTH);
    let node = this.#root;
    for (let height = TREE_DEPTH - 1; height >= 0; height--) {
      const sibling = isRight(index, height) ? node?.left : node?.right;
      path[height] = this.#hash(sibling, height);
      node = node && childOf(node, index, height);
    }
    return path;
  }

  /** Leaves in index order. */
  *entries(): Generator<[index: bigint, leaf: Leaf]> {
    yield* walk(this.#root, TREE_DEPTH, 0n);
  }

  /** Leaves that `older` does not have or has otherwise, in index order. Walks only what is not shared. */
  *changesSince(older: MerkleTree<Leaf>): Generator<[index: bigint, leaf: Leaf]> {
    for (const [index, leaf] of walkChanged(this.#root, older.#root, TREE_DEPTH, 0n)) {
      if (this.leafHash(index) !== older.leafHash(index)) yield [index, leaf];
    }
  }

  #writable(node: Node<Leaf> | undefined): Node<Leaf> {
    if (node?.owner === this.#owner) {
      node.hash = undefined;
      return node;
    }
    return { owner: this.#owner, hash: undefined, left: node?.left, right: node?.right, leaf: node?.leaf };
  }

  #hash(node: Node<Leaf> | undefined, height: number): bigint {
    if (!node) return this.#zeros[height]!;
    if (node.hash === undefined) {
      node.hash =
        height === 0
          ? this.#hasher.hashLeaf(node.leaf as Leaf)
          : this.#hasher.hashNode(
              height - 1,
              this.#hash(node.left, height - 1),
              this.#hash(node.right, height - 1),
            );
    }
    return node.hash;
  }
}

/** Root of a tree in which `leaf` stands at `index`, given the siblings on its way. */
export function rootOfPath(
  hashNode: TreeHasher<never>["hashNode"],
  index: bigint,
  leaf: bigint,
  path: readonly bigint[],
): bigint {
  let hash = leaf;
  for (const [height, sibling] of path.entries()) {
    hash = isRight(index, height) ? hashNode(height, sibling, hash) : hashNode(height, hash, sibling);
  }
  return hash;
}

/** Roots of empty subtrees, by height: 36 of them, the last one the empty tree's. */
export function emptyHashes(hasher: TreeHasher<never> | TreeHasher<unknown>): readonly bigint[] {
  const known = zeros.get(hasher);
  if (known) return known;
  const hashes = [hasher.emptyLeaf];
  for (let height = 0; height < TREE_DEPTH; height++) {
    const below = hashes[height]!;
    hashes.push(hasher.hashNode(height, below, below));
  }
  zeros.set(hasher, hashes);
  return hashes;
}
const zeros = new WeakMap<object, readonly bigint[]>();

function isRight(index: bigint, height: number): boolean {
  return ((index >> BigInt(height)) & 1n) === 1n;
}

function childOf<Leaf>(node: Node<Leaf>, index: bigint, height: number): Node<Leaf> | undefined {
  return isRight(index, height) ? node.right : node.left;
}

function* walk<Leaf>(
  node: Node<Leaf> | undefined,
  height: number,
  start: bigint,
): Generator<[index: bigint, leaf: Leaf]> {
  if (!node) return;
  if (height === 0) yield [start, node.leaf as Leaf];
  else {
    yield* walk(node.left, height - 1, start);
    yield* walk(node.right, height - 1, start + (1n << BigInt(height - 1)));
  }
}

function* walkChanged<Leaf>(
  node: Node<Leaf> | undefined,
  older: Node<Leaf> | undefined,
  height: number,
  start: bigint,
): Generator<[index: bigint, leaf: Leaf]> {
  if (!node || node === older) return;
  if (height === 0) yield [start, node.leaf as Leaf];
  else {
    yield* walkChanged(node.left, older?.left, height - 1, start);
    yield* walkChanged(node.right, older?.right, height - 1, start + (1n << BigInt(height - 1)));
  }
}

interface Node<Value> {
  readonly key: bigint;
  readonly value: Value;
  readonly priority: number;
  readonly left: Node<Value> | undefined;
  readonly right: Node<Value> | undefined;
}

/**
 * A node's place in the heap. Spread from the key, so that keys inserted in order (which anybody can arrange)
 * still make a shallow tree; results never depend on it.
 */
function priorityOf(key: bigint): number {
  const folded = Number(BigInt.asUintN(32, key ^ (key >> 64n) ^ (key >> 128n) ^ (key >> 192n)));
  return Math.imul(folded ^ (folded >>> 15), 0x2c1b3c6d) >>> 0;
}

/**
 * Sorted map from bigint keys that is copied in constant time: a treap whose updates copy only the nodes on their
 * way and leave older versions as they were. Lookup and insertion take about 2·log₂(n) steps.
 */
export class OrderedMap<Value> {
  readonly #root: Node<Value> | undefined;
  readonly size: number;

  private constructor(root: Node<Value> | undefined, size: number) {
    this.#root = root;
    this.size = size;
  }

  static empty<Value>(): OrderedMap<Value> {
    return new OrderedMap<Value>(undefined, 0);
  }

  get(key: bigint): Value | undefined {
    let node = this.#root;
    while (node && node.key !== key) node = key < node.key ? node.left : node.right;
    return node?.value;
  }

  /** The entry with the largest key ≤ `key`. */
  floor(key: bigint): readonly [key: bigint, value: Value] | undefined {
    let best: Node<Value> | undefined;
    let node = this.#root;
    while (node) {
      if (node.key === key) return [node.key, node.value];
      if (node.key < key) {
        best = node;
        node = node.right;
      } else node = node.left;
    }
    return best && [best.key, best.value];
  }

  /** @returns a map with `key` set; this one stays as it is. */
  with(key: bigint, value: Value): OrderedMap<Value> {
    const grown = this.get(key) === undefined ? 1 : 0;
    return new OrderedMap(insert(this.#root, key, value), this.size + grown);
  }
}

function insert<Value>(node: Node<Value> | undefined, key: bigint, value: Value): Node<Value> {
  if (!node) return { key, value, priority: priorityOf(key), left: undefined, right: undefined };
  if (key === node.key) return { ...node, value };
  if (key < node.key) {
    const left = insert(node.left, key, value);
    return left.priority > node.priority
      ? { ...left, right: { ...node, left: left.right } }
      : { ...node, left };
  }
  const right = insert(node.right, key, value);
  return right.priority > node.priority
    ? { ...right, left: { ...node, right: right.left } }
    : { ...node, right };
}

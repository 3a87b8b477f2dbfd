import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  accountHash,
  defaultAccount,
  EMPTY_INDEXED_LEAF,
  emptyAccount,
  emptyHashes,
  IndexedMap,
  indexedLeafHash,
  indexedNodeHash,
  Ledger,
  ledgerHasher,
  ledgerNodeHash,
  rootOfPath,
} from "../../ledger/index.ts";
import { type Account, FIELD_MODULUS } from "../../protocol/index.ts";
import { hasCode } from "../support/hasCode.ts";
import { testKey } from "./support/commands.ts";

const KEYS = 12;
const account = (who: number, balance = 0n): Account => ({
  ...defaultAccount(testKey(who).publicKey, 0n),
  balance,
});

/** The root, computed from all leaves of the lowest 16 without any of the ledger's code for trees. */
function plainRoot(accounts: readonly Account[]): bigint {
  let level = Array.from({ length: 16 }, (_, i) => accountHash(accounts[i] ?? emptyAccount));
  for (let height = 0; height < 4; height++)
    level = level
      .filter((_, i) => i % 2 === 0)
      .map((left, i) => ledgerNodeHash(height, left, level[2 * i + 1]!));
  const empty = emptyHashes(ledgerHasher);
  let root = level[0]!;
  for (let height = 4; height < 35; height++) root = ledgerNodeHash(height, root, empty[height]!);
  return root;
}

describe("ledger", () => {
  it("has the root that all its accounts make, after any writes, and a path to each", () => {
    const writes = fc.array(fc.tuple(fc.nat(KEYS - 1), fc.bigInt(0n, 1000n), fc.boolean()), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(writes, (list) => {
        const ledger = Ledger.empty();
        const plain: Account[] = [];
        for (const [who, balance, look] of list) {
          const written = account(who, balance);
          const index = ledger.indexOf(written.publicKey) ?? ledger.size;
          ledger.set(index, written);
          plain[Number(index)] = written;
          if (look) ledger.root(); // hashing in between must not change what comes out
        }
        assert.equal(ledger.root(), plainRoot(plain));
        for (const [i, expected] of plain.entries()) {
          assert.deepEqual(ledger.find(expected.publicKey), expected);
          const path = ledger.path(BigInt(i));
          assert.equal(rootOfPath(ledgerNodeHash, BigInt(i), accountHash(expected), path), ledger.root());
        }
      }),
      { seed: 6, numRuns: 25 },
    );
  });

  it("forks: what one side writes the other does not see", () => {
    const ledger = Ledger.empty();
    for (let i = 0; i < 5; i++) ledger.set(BigInt(i), account(i));
    const root = ledger.root();
    const fork = ledger.fork();
    fork.set(2n, account(2, 9n));
    fork.set(5n, account(5));
    ledger.set(3n, account(3, 7n));
    assert.equal(ledger.get(2n)?.balance, 0n);
    assert.equal(ledger.size, 5n);
    assert.equal(ledger.indexOf(testKey(5).publicKey), null);
    assert.equal(fork.get(3n)?.balance, 0n);
    assert.notEqual(ledger.root(), root);
    ledger.set(3n, account(3));
    assert.equal(ledger.root(), root);
    ledger.adopt(fork);
    fork.set(0n, account(0, 1n));
    assert.equal(ledger.get(0n)?.balance, 0n, "an adopted fork still wrote through");
    assert.equal(ledger.get(2n)?.balance, 9n);
  });

  it("lists what changed since a fork, in index order, and not what was written back", () => {
    const ledger = Ledger.empty();
    for (let i = 0; i < 6; i++) ledger.set(BigInt(i), account(i));
    const later = ledger.fork();
    later.set(4n, account(4, 1n));
    later.set(1n, account(1, 5n));
    later.set(6n, account(6));
    later.set(2n, account(2, 8n));
    later.set(2n, account(2));
    assert.deepEqual(
      [...later.changesSince(ledger)],
      [
        { index: 1n, account: account(1, 5n) },
        { index: 4n, account: account(4, 1n) },
        { index: 6n, account: account(6) },
      ],
    );
    const replayed = ledger.fork();
    replayed.applyChanges(later.changesSince(ledger));
    assert.equal(replayed.root(), later.root());
  });

  it("opens an empty leaf as the empty account", () => {
    const ledger = Ledger.empty();
    ledger.set(0n, account(0));
    assert.equal(ledger.get(1n), null);
    assert.equal(ledger.leafHash(1n), accountHash(emptyAccount));
    const path = ledger.path(1n);
    assert.equal(rootOfPath(ledgerNodeHash, 1n, accountHash(emptyAccount), path), ledger.root());
  });

  it("refuses gaps, a second index for one id, and another id at a taken index", () => {
    const ledger = Ledger.empty();
    ledger.set(0n, account(0));
    ledger.set(1n, account(1));
    assert.throws(() => ledger.set(3n, account(3)), hasCode("LEDGER_CHANGE_INVALID"));
    assert.throws(() => ledger.set(2n, account(1)), hasCode("LEDGER_CHANGE_INVALID"));
    assert.throws(() => ledger.set(1n, account(2)), hasCode("LEDGER_CHANGE_INVALID"));
  });

  it("applies a change list whole or not at all", () => {
    const ledger = Ledger.empty();
    ledger.set(0n, account(0));
    ledger.set(1n, account(1));
    const root = ledger.root();
    const disordered = [
      { index: 1n, account: account(1, 4n) },
      { index: 0n, account: account(0, 4n) },
    ];
    assert.throws(() => ledger.applyChanges(disordered), hasCode("LEDGER_CHANGE_INVALID"));
    const twice = [
      { index: 0n, account: account(0, 4n) },
      { index: 0n, account: account(0, 5n) },
    ];
    assert.throws(() => ledger.applyChanges(twice), hasCode("LEDGER_CHANGE_INVALID"));
    assert.equal(ledger.root(), root);
  });
});

const elements = fc.bigInt(1n, FIELD_MODULUS - 1n);

describe("indexed map", () => {
  it("is a sorted list of all keys, whatever their order, and proves each insertion", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.oneof(elements, fc.bigInt(1n, 9n)), { maxLength: 12 }), (keys) => {
        const map = IndexedMap.empty();
        const quiet = IndexedMap.empty();
        for (const [i, key] of keys.entries()) {
          const trace = map.insertTraced(key, BigInt(i));
          quiet.insert(key, BigInt(i));
          followInsert(trace);
          assert.equal(trace.rootAfter, map.root());
        }
        assert.equal(quiet.root(), map.root());
        assert.equal(map.length, BigInt(keys.length + 1));
        const leaves = [...map.leaves()];
        const chain: bigint[] = [];
        for (let next = leaves[0]!.nextKey; next !== 0n; ) {
          chain.push(next);
          next = leaves.find(({ key }) => key === next)!.nextKey;
        }
        assert.deepEqual(
          chain,
          [...keys].sort((a, b) => (a < b ? -1 : 1)),
        );
        for (const [i, key] of keys.entries()) assert.equal(map.get(key), BigInt(i));
        assert.equal(IndexedMap.fromLeaves(leaves).root(), map.root());
      }),
      { seed: 8, numRuns: 25 },
    );
  });

  /** What a circuit does with the trace. */
  function followInsert({
    key,
    value,
    index,
    low,
    path,
    ...roots
  }: ReturnType<IndexedMap["insertTraced"]>): void {
    const { leaf } = low;
    assert.ok(leaf.key < key && (leaf.nextKey === 0n || key < leaf.nextKey));
    const rootWith = (at: bigint, hash: bigint, along: readonly bigint[]) =>
      rootOfPath(indexedNodeHash, at, hash, along);
    assert.equal(rootWith(low.index, indexedLeafHash(leaf), low.path), roots.rootBefore);
    assert.equal(rootWith(low.index, indexedLeafHash({ ...leaf, nextKey: key }), low.path), roots.rootMiddle);
    assert.equal(rootWith(index, EMPTY_INDEXED_LEAF, path), roots.rootMiddle);
    const inserted = indexedLeafHash({ key, value, nextKey: leaf.nextKey });
    assert.equal(rootWith(index, inserted, path), roots.rootAfter);
  }

  it("starts with its lower bound alone", () => {
    const map = IndexedMap.empty();
    assert.equal(map.length, 1n);
    assert.deepEqual([...map.leaves()], [{ key: 0n, value: 0n, nextKey: 0n }]);
    assert.equal(map.get(0n), null);
    assert.equal(map.get(5n), null);
  });

  it("names the leaf that shows a key's absence", () => {
    const map = IndexedMap.empty();
    for (const key of [10n, 30n, 20n]) map.insert(key, key);
    assert.deepEqual(map.low(25n).leaf, { key: 20n, value: 20n, nextKey: 30n });
    assert.deepEqual(map.low(5n).leaf, { key: 0n, value: 0n, nextKey: 10n });
    assert.deepEqual(map.low(99n).leaf, { key: 30n, value: 30n, nextKey: 0n });
  });

  it("refuses a key twice, and key zero", () => {
    const map = IndexedMap.empty();
    map.insert(7n, 1n);
    const root = map.root();
    assert.throws(() => map.insert(7n, 2n), hasCode("LEDGER_KEY_EXISTS"));
    assert.throws(() => map.insert(0n, 2n), hasCode("LEDGER_KEY_EXISTS"));
    assert.equal(map.root(), root);
    assert.equal(map.length, 2n);
  });

  it("forks", () => {
    const map = IndexedMap.empty();
    map.insert(7n, 1n);
    const fork = map.fork();
    fork.insert(5n, 2n);
    map.insert(6n, 3n);
    assert.equal(map.get(5n), null);
    assert.equal(fork.get(6n), null);
    assert.notEqual(map.root(), fork.root());
  });

  it("stays shallow when keys arrive in order", () => {
    const map = IndexedMap.empty();
    for (let key = 1n; key <= 5000n; key++) map.insert(key, key);
    assert.equal(map.get(4999n), 4999n); // a list of 5000 links would overflow the stack long before
    assert.equal(map.length, 5001n);
  });
});

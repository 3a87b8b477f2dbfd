import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import fc from "fast-check";
import { Field, initializeBindings, Provable } from "o1js";
import {
  AccountInsert,
  accountsWitness,
  IndexErrors,
  IndexProgram,
  IndexState,
  IndexStatement,
  type IndexValues,
  indexAfter,
  indexHash,
  indexStart,
  insertAccount,
} from "../../circuits/indexed/index.ts";
import { IndexedMap, type InsertTrace } from "../../ledger/index.ts";
import { FIELD_MODULUS, hash, tags } from "../../protocol/index.ts";
import { testState } from "./support/outerFixture.ts";

const says = (text: string) => (error: unknown) => error instanceof Error && error.message.includes(text);

before(() => initializeBindings());

/** A map with these keys, and the insertion of some more. */
function grown(
  present: readonly bigint[],
  added: readonly bigint[],
): { from: IndexValues; inserts: InsertTrace[] } {
  const map = IndexedMap.empty();
  for (const [i, key] of present.entries()) map.insert(key, BigInt(i));
  const from = {
    ...indexStart(5n, testState),
    accountsRoot: map.root(),
    accountsLength: map.length,
  };
  return { from, inserts: added.map((key, i) => map.insertTraced(key, BigInt(present.length + i))) };
}

const stateOf = (input: { from: IndexValues; inserts: InsertTrace[] }) => accountsWitness(input, 2);

/** Refused on constants and by the constraints alike. */
async function refuses(from: IndexState, insert: AccountInsert, reason: string): Promise<void> {
  assert.throws(() => insertAccount(from, insert), says(reason));
  const proved = Provable.runAndCheck(() => {
    insertAccount(
      new IndexState(Provable.witness(IndexState, () => from)),
      Provable.witness(AccountInsert, () => insert),
    );
  });
  await assert.rejects(proved, says(reason));
}

describe("insertion into the accounts map", () => {
  it("follows the ledger's map, key by key", async () => {
    const key = fc.bigInt({ min: 1n, max: FIELD_MODULUS - 1n });
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(key, { minLength: 2, maxLength: 6 }), async (keys) => {
        const input = grown(keys.slice(0, -2), keys.slice(-2));
        const { statement, from, inserts } = stateOf(input);
        const to = inserts.reduce(insertAccount, from);
        assert.equal(from.hash().toBigInt(), statement.from.toBigInt());
        assert.equal(to.hash().toBigInt(), statement.to.toBigInt());
      }),
      { seed: 7, numRuns: 5 },
    );
  });

  it("binds key and ledger index into the fold that the ledger makes too", () => {
    const { from, inserts } = grown([10n], [20n]);
    const fold = hash(tags.newAccount, [0n, 20n, 1n]);
    assert.equal(indexAfter({ from, inserts }).newAccounts, fold);
    assert.equal(
      insertAccount(
        stateOf({ from, inserts }).from,
        stateOf({ from, inserts }).inserts[0]!,
      ).newAccounts.toBigInt(),
      fold,
    );
  });

  it("changes nothing in a slot that is not used", () => {
    const { from } = grown([10n], []);
    const { from: state, inserts } = stateOf({ from, inserts: [] });
    assert.equal(insertAccount(state, inserts[0]!).hash().toBigInt(), indexHash(from));
  });

  const sample = () => {
    const { from, inserts } = stateOf(grown([10n, 30n], [20n]));
    return { from, insert: inserts[0]! };
  };
  const cases: [name: string, change: (insert: AccountInsert) => Partial<AccountInsert>, reason: string][] = [
    ["a key that is there already", () => ({ key: Field(30n) }), IndexErrors.keyNotBelowNext],
    ["a key beyond the neighbour's successor", () => ({ key: Field(31n) }), IndexErrors.keyNotBelowNext],
    ["a key not above its neighbour", () => ({ key: Field(10n) }), IndexErrors.keyNotAboveLow],
    [
      "a neighbour that is not in the map",
      (i) => ({ low: { ...i.low, value: Field(9n) } }),
      IndexErrors.lowNotInMap,
    ],
    [
      "a neighbour at another place",
      (i) => ({ lowIndex: i.lowIndex.map((bit, n) => (n === 3 ? bit.not() : bit)) }),
      IndexErrors.lowNotInMap,
    ],
    ["a place that is taken", (i) => ({ path: i.lowPath }), IndexErrors.placeNotEmpty],
  ];
  for (const [name, change, reason] of cases) {
    it(`refuses ${name}`, async () => {
      const { from, insert } = sample();
      insertAccount(from, insert);
      await refuses(from, new AccountInsert({ ...insert, ...change(insert) }), reason);
    });
  }

  it("refuses a length that is not the map's, which would write over a leaf", async () => {
    const { from, insert } = sample();
    const shorter = new IndexState({ ...from, accountsLength: from.accountsLength.sub(1) });
    await refuses(shorter, insert, IndexErrors.placeNotEmpty);
  });
});

describe("index program", () => {
  const prove = (statement: IndexStatement) => {
    const input = grown([10n], [20n]);
    const { from, inserts } = accountsWitness(input, 1);
    return IndexProgram.rawMethods.accounts(statement, from, inserts);
  };
  const { statement } = accountsWitness(grown([10n], [20n]), 1);

  it("accepts the range from a state to what the insertions make of it", async () => {
    await prove(statement);
  });
  it("refuses a range that starts elsewhere", () =>
    assert.rejects(
      prove(new IndexStatement({ ...statement, from: Field(1) })),
      says(IndexErrors.wrongSource),
    ));
  it("refuses a range that ends elsewhere", () =>
    assert.rejects(prove(new IndexStatement({ ...statement, to: Field(1) })), says(IndexErrors.wrongTarget)));

  const merge = async (from: number, middle: [number, number], to: number) => {
    const range = (a: number, b: number) => new IndexStatement({ from: Field(a), to: Field(b) });
    const first = await IndexProgram.Proof.dummy(range(1, middle[0]), undefined, 2);
    const second = await IndexProgram.Proof.dummy(range(middle[1], 3), undefined, 2);
    await IndexProgram.rawMethods.merge(range(from, to), first, second);
  };
  it("merges two ranges that meet", () => merge(1, [2, 2], 3));
  it("refuses to merge over a gap", () => assert.rejects(merge(1, [2, 4], 3), says(IndexErrors.gap)));
  it("refuses a merge that starts or ends elsewhere", async () => {
    await assert.rejects(merge(4, [2, 2], 3), says(IndexErrors.wrongSource));
    await assert.rejects(merge(1, [2, 2], 4), says(IndexErrors.wrongTarget));
  });
});

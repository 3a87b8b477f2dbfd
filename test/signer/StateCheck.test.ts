import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { genesisSnapshot, MemoryStore, Replica } from "../../ledger/index.ts";
import { ManualClock } from "../../service/index.ts";
import { StateCheck } from "../../signer/StateCheck.ts";
import { hasCode } from "../support/hasCode.ts";
import { testChain, testDeployment } from "./support/testRollup.ts";

const { genesis } = testDeployment(4);
const chain = testChain(genesis, 2);
const [one, two] = chain as [(typeof chain)[0], (typeof chain)[0]];

/** A replica on a disk, and the check of that disk. */
async function replicaOnDisk() {
  const store = new MemoryStore();
  const replica = await Replica.open(genesisSnapshot(genesis), { store });
  const clock = new ManualClock(0);
  const check = new StateCheck({ genesis, states: store, maxPending: 16, clock });
  return { store, replica, clock, check };
}

describe("reading a state from disk again", () => {
  it("finds what was kept, with its number, and nothing else", async () => {
    const { replica, check } = await replicaOnDisk();
    await replica.keep(one.executed);
    const { number, accounts } = (await check.check(one.header.target))!;
    assert.equal(number, 1n);
    assert.ok(accounts > 0);
    assert.equal(await check.check(two.header.target), undefined);
  });

  it("reads once for all who ask, and again only after a pause", async () => {
    const { replica, check, clock } = await replicaOnDisk();
    await replica.keep(one.executed);
    const asked = await Promise.all(
      [one.header.target, one.header.source].map((state) => check.check(state)),
    );
    assert.deepEqual(
      asked.map((found) => found?.number),
      [1n, 0n],
    );
    await replica.keep(two.executed);
    assert.equal(await check.check(two.header.target), undefined);
    await clock.advance(30_000);
    assert.equal((await check.check(two.header.target))?.number, 2n);
  });

  it("vouches for nothing on a disk that lost an account", async () => {
    const { store, replica, check } = await replicaOnDisk();
    await replica.keep(one.executed);
    const keys: string[] = [];
    for await (const [key] of store.entries("replica/account/")) keys.push(key);
    assert.ok(keys.length > 0);
    await store.write([{ key: keys.at(-1)!, value: null }]);
    await assert.rejects(check.check(one.header.target), hasCode("LEDGER_STORE_CORRUPT"));
  });
});

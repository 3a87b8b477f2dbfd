import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { genesisSnapshot, type KeyValueStore, MemoryStore, Replica } from "../../ledger/index.ts";
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
  let readings = 0;
  const onRead = { fate: async () => {} };
  const states: KeyValueStore = {
    get: (key) => store.get(key),
    entries: (prefix) => store.entries(prefix),
    write: (writes) => store.write(writes),
    close: () => store.close(),
    snapshot: () => {
      readings++;
      const snapshot = store.snapshot();
      const get = (key: string) => onRead.fate().then(() => snapshot.get(key));
      return { get, entries: (prefix) => snapshot.entries(prefix), close: () => snapshot.close() };
    },
  };
  const check = new StateCheck({ start: genesisSnapshot(genesis), states, replica, maxPending: 16, clock });
  const over = new AbortController();
  const ask = (state: bigint) => check.check(state, over.signal);
  return { store, replica, clock, ask, over, onRead, readings: () => readings };
}

describe("reading a state from disk again", () => {
  it("finds what was kept, with its number, and nothing else", async () => {
    const { replica, ask } = await replicaOnDisk();
    await replica.keep(one.executed);
    const { number, accounts } = (await ask(one.header.target))!;
    assert.equal(number, 1n);
    assert.ok(accounts > 0);
    assert.equal(await ask(two.header.target), undefined);
  });

  it("reads once for all who ask, and again only after a pause", async () => {
    const { replica, ask, clock, readings } = await replicaOnDisk();
    await replica.keep(one.executed);
    const asked = await Promise.all([one.header.target, one.header.source].map((state) => ask(state)));
    assert.deepEqual(
      asked.map((found) => found?.number),
      [1n, 0n],
    );
    await replica.keep(two.executed);
    const later = ask(two.header.target);
    assert.equal((await ask(one.header.target))?.number, 1n);
    assert.equal(readings(), 1, "a state that is younger waits for the next reading");
    await clock.advance(30_000);
    assert.equal((await later)?.number, 2n);
    assert.equal(readings(), 2);
  });

  it("lets few wait at a time, and answers what it knows meanwhile", async () => {
    const { replica, ask, clock, over } = await replicaOnDisk();
    await ask(one.header.source);
    await replica.keep(one.executed);
    const waiting = Array.from({ length: 8 }, () => ask(one.header.target));
    await assert.rejects(ask(one.header.target), hasCode("SIGNER_STATE_BUSY"));
    assert.equal((await ask(one.header.source))?.number, 0n);
    assert.equal(await ask(5n), undefined);
    await clock.advance(30_000);
    assert.deepEqual(new Set((await Promise.all(waiting)).map((found) => found?.number)), new Set([1n]));
    assert.equal((await ask(one.header.target))?.number, 1n, "their places are free again");
    over.abort();
  });

  it("reads nothing for a state that is not held, and gives up with whoever asked", async () => {
    const { replica, ask, clock, over, readings } = await replicaOnDisk();
    assert.equal(await ask(5n), undefined);
    assert.equal(readings(), 0);
    await ask(one.header.source);
    await replica.keep(one.executed);
    const waiting = ask(one.header.target);
    assert.equal(clock.sleeping, 1);
    over.abort();
    assert.equal(await waiting, undefined);
    assert.equal(readings(), 1);
  });

  it("reads one moment, also when a state becomes final meanwhile", async () => {
    const { replica, ask, onRead } = await replicaOnDisk();
    await replica.keep(one.executed);
    await replica.keep(two.executed);
    // Between two of its reads; only the first one matters.
    onRead.fate = async () => {
      onRead.fate = async () => {};
      await replica.finalize(two.header.target);
    };
    assert.equal((await ask(two.header.target))?.number, 2n);
  });

  it("tells of a disk that does not hold what memory does", async () => {
    const { store, replica, ask } = await replicaOnDisk();
    await replica.keep(one.executed);
    for await (const [key] of store.entries("replica/step/")) await store.write([{ key, value: null }]);
    assert.equal(await ask(one.header.target), undefined);
  });

  it("vouches for nothing on a disk that lost an account", async () => {
    const { store, replica, ask } = await replicaOnDisk();
    await replica.keep(one.executed);
    const keys: string[] = [];
    for await (const [key] of store.entries("replica/account/")) keys.push(key);
    assert.ok(keys.length > 0);
    await store.write([{ key: keys.at(-1)!, value: null }]);
    await assert.rejects(ask(one.header.target), hasCode("LEDGER_STORE_CORRUPT"));
  });
});

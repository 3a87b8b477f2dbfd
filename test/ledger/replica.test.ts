import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import {
  executeBatch,
  type KeyValueStore,
  MemoryStore,
  Replica,
  type Snapshot,
  type StoreWrite,
} from "../../ledger/index.ts";
import { NANOMINA, stateHash } from "../../protocol/index.ts";
import { hasCode } from "../support/hasCode.ts";
import { testKey, transfer } from "./support/commands.ts";
import { testSnapshot } from "./support/genesis.ts";
import { openLevelStore } from "./support/openLevelStore.ts";

const genesis = testSnapshot();
const GENESIS = stateHash(genesis.state);
const [alice, bob] = [testKey(0), testKey(1)];

/** A batch on `source`: Alice sends `amount` to a new account of key `to`. */
function batchOn(source: Snapshot, to: number, amount = 1n) {
  const nonce = source.ledger.find(alice.publicKey)!.nonce;
  const { publicKey } = testKey(to);
  const creationFee = source.ledger.find(publicKey) ? 0n : NANOMINA;
  const command = transfer({ from: alice, to: publicKey, amount, nonce, fee: 2n, creationFee });
  const slot = source.state.lastSlot + 1n;
  return executeBatch(source, {
    blocks: [{ slot, timestampMs: 0n, commands: [command] }],
    feeRecipient: bob.publicKey,
  });
}

/** Genesis → a → b, and a rival of b. */
async function threeStates(replica: Replica) {
  const a = await replica.keep(batchOn(replica.at(GENESIS), 10));
  const b = await replica.keep(batchOn(replica.at(a), 11));
  const rival = await replica.keep(batchOn(replica.at(a), 12, 5n));
  return { a, b, rival };
}

/** Fails or lies at the n-th write. */
class FaultyStore implements KeyValueStore {
  readonly inner = new MemoryStore();
  failAt = Number.POSITIVE_INFINITY;
  dropAt = Number.POSITIVE_INFINITY;
  writes = 0;
  get(key: string) {
    return this.inner.get(key);
  }
  entries(prefix: string) {
    return this.inner.entries(prefix);
  }
  async write(writes: readonly StoreWrite[]) {
    this.writes++;
    if (this.writes === this.failAt) throw new Error("disk full");
    if (this.writes !== this.dropAt) await this.inner.write(writes);
  }
  snapshot() {
    return this.inner.snapshot();
  }
  close() {
    return this.inner.close();
  }
}

/** What every replica must do, whatever it stores in. `reopen` gives a replica over the same records. */
function behavesAsReplica(
  name: string,
  withStore: (use: (store: KeyValueStore) => Promise<void>) => Promise<void>,
) {
  const open = (store: KeyValueStore) => Replica.open(genesis, { store });

  describe(`replica in a ${name}`, () => {
    it("starts from the genesis state, and opens to it again", () =>
      withStore(async (store) => {
        for (let i = 0; i < 2; i++) {
          const replica = await open(store);
          assert.deepEqual(replica.states(), [GENESIS]);
          assert.deepEqual(replica.at(GENESIS).state, genesis.state);
          assert.equal(replica.at(GENESIS).ledger.root(), genesis.state.ledgerRoot);
        }
      }));

    it("holds every state kept, rivals too, and has them all after a restart", () =>
      withStore(async (store) => {
        const before = await open(store);
        const { a, b, rival } = await threeStates(before);
        const after = await open(store);
        for (const replica of [before, after]) {
          assert.deepEqual(new Set(replica.states()), new Set([GENESIS, a, b, rival]));
          assert.equal(replica.sourceOf(b), a);
          assert.equal(replica.sourceOf(rival), a);
          assert.equal(replica.sourceOf(GENESIS), null);
          assert.equal(replica.at(rival).ledger.find(testKey(12).publicKey)?.balance, 5n);
          assert.equal(replica.at(rival).ledger.find(testKey(11).publicKey), null);
        }
        const next = (replica: Replica) => stateHash(batchOn(replica.at(b), 13).target.state);
        assert.equal(next(after), next(before));
      }));

    it("forgets rivals and ancestors of a state that is final, on disk too", () =>
      withStore(async (store) => {
        const before = await open(store);
        const { a, b, rival } = await threeStates(before);
        const c = await before.keep(batchOn(before.at(b), 14));
        await before.finalize(b);
        const after = await open(store);
        for (const replica of [before, after]) {
          assert.deepEqual(replica.states(), [b, c]);
          assert.equal(stateHash(replica.base.state), b);
          for (const gone of [GENESIS, a, rival])
            assert.throws(() => replica.at(gone), hasCode("LEDGER_STATE_UNKNOWN"));
        }
        await after.finalize(c);
        const last = await open(store);
        assert.deepEqual(last.states(), [c]);
        assert.equal(last.base.ledger.size, genesis.ledger.size + 3n);
      }));

    it("rolls back to a state: what followed from it is gone, on disk too", () =>
      withStore(async (store) => {
        const before = await open(store);
        const { a, b, rival } = await threeStates(before);
        await before.rollback(a);
        const after = await open(store);
        for (const replica of [before, after]) {
          assert.deepEqual(replica.states(), [GENESIS, a]);
          assert.equal(replica.has(b) || replica.has(rival), false);
        }
        assert.equal(await after.keep(batchOn(after.at(a), 11)), b);
      }));

    it("follows change lists to the same states without executing", () =>
      withStore(async (store) => {
        const executed = await open(new MemoryStore());
        const follower = await open(store);
        const first = batchOn(executed.at(GENESIS), 10);
        const a = await executed.keep(first);
        const second = batchOn(executed.at(a), 11);
        await follower.follow(GENESIS, first.changes, first.target.state);
        const end = await follower.follow(a, second.changes, second.target.state);
        assert.equal(stateHash(end.state), stateHash(second.target.state));
        assert.deepEqual(batchOn(end, 15).target.state, batchOn(second.target, 15).target.state);
      }));
  });
}

behavesAsReplica("memory store", async (use) => use(new MemoryStore()));
behavesAsReplica("level store", async (use) => {
  const directory = await mkdtemp(join(tmpdir(), "zeko-replica-"));
  const store = await openLevelStore(directory);
  try {
    await use(store);
  } finally {
    await store.close();
    await rm(directory, { recursive: true });
  }
});

describe("replica", () => {
  it("keeps a state once, however often it is asked, also at the same time", async () => {
    const store = new FaultyStore();
    const replica = await Replica.open(genesis, { store });
    const batch = batchOn(replica.base, 10);
    const written = store.writes;
    const hashes = await Promise.all([replica.keep(batch), replica.keep(batch), replica.keep(batch)]);
    assert.equal(new Set(hashes).size, 1);
    assert.equal(store.writes, written + 1);
  });

  it("refuses a batch on a state that it does not hold", async () => {
    const replica = await Replica.open(genesis, { store: new MemoryStore() });
    const orphan = batchOn(batchOn(genesis, 10).target, 11);
    await assert.rejects(replica.keep(orphan), hasCode("LEDGER_STATE_UNKNOWN"));
    await assert.rejects(replica.follow(5n, [], orphan.target.state), hasCode("LEDGER_STATE_UNKNOWN"));
    await assert.rejects(replica.finalize(5n), hasCode("LEDGER_STATE_UNKNOWN"));
    await assert.rejects(replica.rollback(5n), hasCode("LEDGER_STATE_UNKNOWN"));
  });

  it("refuses more rival states than it may hold, until some are final", async () => {
    const replica = await Replica.open(genesis, { store: new MemoryStore() }, { maxPending: 2 });
    const a = await replica.keep(batchOn(genesis, 10));
    await replica.keep(batchOn(genesis, 11));
    await assert.rejects(replica.keep(batchOn(genesis, 12)), hasCode("LEDGER_FORKS_FULL"));
    await replica.finalize(a);
    await replica.keep(batchOn(replica.base, 12));
  });

  it("refuses changes that do not lead to the claimed state, and keeps nothing of them", async () => {
    const replica = await Replica.open(genesis, { store: new MemoryStore() });
    const { changes, target } = batchOn(genesis, 10);
    const [first, ...rest] = changes;
    const wrong = { ...first!, account: { ...first!.account, balance: first!.account.balance + 1n } };
    const follow = (list: typeof changes, state = target.state) => replica.follow(GENESIS, list, state);
    await assert.rejects(follow([wrong, ...rest]), hasCode("LEDGER_ROOT_MISMATCH"));
    await assert.rejects(follow(rest), hasCode("LEDGER_ROOT_MISMATCH"));
    await assert.rejects(follow(changes.slice(0, -1)), hasCode("LEDGER_ROOT_MISMATCH"));
    await assert.rejects(follow(changes.toReversed()), hasCode("LEDGER_CHANGE_INVALID"));
    for (const name of [
      "ledgerRoot",
      "accountsRoot",
      "accountsLength",
      "owedRoot",
      "owedLength",
      "batch",
    ] as const) {
      const state = { ...target.state, [name]: target.state[name] + 1n };
      await assert.rejects(follow(changes, state), hasCode("LEDGER_ROOT_MISMATCH"));
    }
    assert.deepEqual(replica.states(), [GENESIS]);
    await follow(changes);
  });

  it("refuses a store of another genesis", async () => {
    const store = new MemoryStore();
    await Replica.open(genesis, { store });
    await assert.rejects(Replica.open(testSnapshot(3), { store }), hasCode("LEDGER_STORE_FOREIGN"));
  });

  it("is as before a write that failed", async () => {
    for (const act of ["keep", "finalize", "rollback"] as const) {
      const store = new FaultyStore();
      const replica = await Replica.open(genesis, { store });
      const { a, b } = await threeStates(replica);
      const states = replica.states();
      store.failAt = store.writes + 1;
      const acts = {
        keep: () => replica.keep(batchOn(replica.at(b), 16)),
        finalize: () => replica.finalize(b),
        rollback: () => replica.rollback(a),
      };
      await assert.rejects(acts[act](), /disk full/);
      assert.deepEqual(replica.states(), states);
      const again = await Replica.open(genesis, { store });
      assert.deepEqual(new Set(again.states()), new Set(states));
      await acts[act](); // and the next try goes through
    }
  });

  it("does not call kept what cannot be read back", async () => {
    const store = new FaultyStore();
    const replica = await Replica.open(genesis, { store });
    store.dropAt = store.writes + 1;
    await assert.rejects(replica.keep(batchOn(genesis, 10)), hasCode("LEDGER_STORE_CORRUPT"));
    assert.deepEqual(replica.states(), [GENESIS]);
  });

  it("refuses records that were damaged or lost, naming one", async () => {
    const store = new MemoryStore();
    const replica = await Replica.open(genesis, { store });
    const { a } = await threeStates(replica);
    const records: [string, Uint8Array][] = [];
    for await (const [key, value] of store.entries("")) records.push([key, value]);
    for (const [key, value] of records) {
      if (key === "replica/genesis") continue;
      const flipped = [1, value.length >> 1, value.length - 1].map((i) => value.with(i, value[i]! ^ 1));
      for (const damaged of [...flipped, value.subarray(1), new Uint8Array()]) {
        await store.write([{ key, value: damaged }]);
        await assert.rejects(Replica.open(genesis, { store }), hasCode("LEDGER_STORE_CORRUPT"), key);
      }
      await store.write([{ key, value }]);
    }
    const step = `replica/step/${a.toString(16).padStart(64, "0")}`;
    await store.write([{ key: step, value: null }]);
    await assert.rejects(Replica.open(genesis, { store }), hasCode("LEDGER_STORE_CORRUPT"));
  });
});

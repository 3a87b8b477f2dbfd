import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { genesisSnapshot } from "../../ledger/index.ts";
import { NONCE_BASE } from "../../protocol/index.ts";
import type { BatchRecord } from "../../sequencer/batches/BatchRecord.ts";
import type { BlockRecord } from "../../sequencer/chain/BlockRecord.ts";
import { SequencerStore } from "../../sequencer/store/SequencerStore.ts";
import { transfer } from "../ledger/support/commands.ts";
import { newDirectory } from "./support/TestRollup.ts";
import { alice, bob, MINA, testGenesis } from "./support/testDeployment.ts";

const { state } = genesisSnapshot(testGenesis());
const command = transfer({ from: alice, to: bob.publicKey, amount: 1n, nonce: NONCE_BASE, fee: MINA });
const pooled = (sequence: bigint) => ({ sequence, hash: `5J${sequence}`, command, receivedMs: 7 });
const block = (height: bigint, hashes: readonly string[]): BlockRecord => ({
  height,
  slot: 1n,
  timestampMs: 2n,
  parent: 3n,
  hash: height,
  signature: null,
  transactions: hashes.map((hash) => ({ hash, command })),
});
const batch = (number: bigint, firstBlock: bigint): BatchRecord => ({
  number,
  step: "closed",
  source: state,
  target: state,
  landBy: 1n,
  feeRecipient: alice.publicKey,
  firstBlock,
  nextBlock: firstBlock + 1n,
  transactions: 1,
  newAccounts: 0,
  leaves: { ledger: 1, index: 1 },
  closedAtMs: 0,
  proofSeconds: {},
  reachedMs: {},
});

describe("the sequencer's database", () => {
  const path = newDirectory();
  let store: SequencerStore;
  before(async () => {
    store = await SequencerStore.open(path);
  });
  after(() => store.close());
  const reopen = async () => {
    await store.close();
    store = await SequencerStore.open(path);
  };

  it("keeps the pool in the order of arrival, also past ten", async () => {
    for (const sequence of [9n, 10n, 2n, 100n]) await store.addToPool(pooled(sequence));
    await reopen();
    assert.deepEqual(
      (await store.pool()).map(({ sequence }) => sequence),
      [2n, 9n, 10n, 100n],
    );
    assert.deepEqual((await store.pool())[0], pooled(2n));
  });

  it("moves transactions from the pool into a block at once", async () => {
    await store.addBlock(block(1n, ["5J2", "5J9"]), [pooled(2n), pooled(9n)]);
    await reopen();
    assert.equal((await store.pool()).length, 2);
    assert.deepEqual(await store.fate("5J9"), { kind: "included", height: 1n });
    assert.deepEqual(await store.lastBlock(), block(1n, ["5J2", "5J9"]));
  });

  it("remembers why it let a transaction go", async () => {
    await store.addToPool(pooled(11n), pooled(10n));
    assert.deepEqual(await store.fate("5J10"), { kind: "dropped", code: "MEMPOOL_REPLACED" });
    await store.drop(pooled(11n), "EXECUTION_SLOT");
    assert.deepEqual(await store.fate("5J11"), { kind: "dropped", code: "EXECUTION_SLOT" });
    assert.equal(await store.fate("5J12"), undefined);
  });

  it("takes back batches and blocks, their transactions before all others", async () => {
    await store.addBatch(batch(1n, 1n), new Map([["join", { of: "old" }]]));
    await store.putProof(batch(1n, 1n), "join", "old proof");
    await store.addBlock(block(2n, ["5Jlate"]), []);
    assert.equal(await store.rewind(batch(1n, 1n)), 3);
    await reopen();
    assert.deepEqual(
      (await store.pool()).map(({ hash }) => hash),
      ["5J2", "5J9", "5Jlate", "5J100"],
    );
    assert.equal(await store.lastBlock(), undefined);
    assert.deepEqual(await store.batches(), []);
    assert.equal(await store.fate("5J9"), undefined);
  });

  it("has no proof of another batch of the same number, also when a crash kept one", async () => {
    await store.putProof(batch(1n, 1n), "join", "old proof");
    await store.addBatch(batch(1n, 1n), new Map([["join", { of: "new" }]]));
    assert.equal(await store.proof(1n, "join"), undefined);
    assert.deepEqual(await store.input(1n, "join"), { of: "new" });
  });

  it("prunes one batch and not its neighbours", async () => {
    for (const number of [1n, 2n, 10n]) await store.putProof(batch(number, 1n), "ledger.0.0", number);
    await store.prune(1n);
    assert.equal(await store.proof(1n, "ledger.0.0"), undefined);
    assert.equal(await store.proof(10n, "ledger.0.0"), 10n);
    assert.equal(await store.proof(2n, "ledger.0.0"), 2n);
  });

  it("rolls back what it knows of L1, block by block", async () => {
    const place = (height: bigint, hash: string) => ({ height, hash, slot: height, batch: 0n });
    for (const height of [1n, 2n, 3n]) await store.putL1([], place(height, "a"));
    await store.putL1([place(2n, "a"), place(3n, "a")], place(2n, "b"));
    await reopen();
    assert.deepEqual(await store.l1(), [place(1n, "a"), place(2n, "b")]);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BatchExecution, genesisSnapshot } from "../../ledger/index.ts";
import { NONCE_BASE } from "../../protocol/index.ts";
import { batchSteps, hasReached } from "../../sequencer/batches/batchSteps.ts";
import { proverQueue } from "../../sequencer/batches/proverQueue.ts";
import { blockHash, genesisBlock } from "../../sequencer/chain/blockHash.ts";
import { serial } from "../../sequencer/chain/serial.ts";
import { TransactionPool } from "../../sequencer/mempool/TransactionPool.ts";
import { decodeTagged, encodeTagged } from "../../sequencer/store/taggedJson.ts";
import { signed, transfer } from "../ledger/support/commands.ts";
import { alice, bob, MINA, testGenesis } from "./support/testDeployment.ts";

describe("tagged JSON", () => {
  it("keeps bigints, bytes, text and nothing apart", () => {
    const value = {
      n: -5n,
      list: [1n, 2, "3", null, true],
      bytes: Uint8Array.of(0, 255),
      inner: { m: 2n ** 300n },
    };
    assert.deepEqual(decodeTagged(encodeTagged(value)), value);
    assert.deepEqual(decodeTagged(encodeTagged(Buffer.from("ab"))), Uint8Array.of(97, 98));
  });
});

describe("the steps of a batch", () => {
  it("are reached in their order", () => {
    for (const [i, step] of batchSteps.entries())
      for (const [j, other] of batchSteps.entries()) assert.equal(hasReached(step, other), i >= j);
  });
});

describe("a serial queue", () => {
  it("runs one task at a time, in order, past one that fails", async () => {
    const run = serial();
    const seen: number[] = [];
    const gate = Promise.withResolvers<void>();
    const first = run(async () => {
      await gate.promise;
      seen.push(1);
    });
    const failing = run(() => {
      seen.push(2);
      throw new Error("no");
    });
    const last = run(() => void seen.push(3));
    gate.resolve();
    await first;
    await assert.rejects(failing);
    await last;
    assert.deepEqual(seen, [1, 2, 3]);
  });
});

describe("the prover's queue", () => {
  it("lets the oldest batch go first", async () => {
    const run = proverQueue();
    const gate = Promise.withResolvers<void>();
    const seen: bigint[] = [];
    const tasks = [5n, 9n, 7n, 6n].map((batch, i) =>
      run(batch, async () => {
        if (i === 0) await gate.promise;
        seen.push(batch);
      }),
    );
    gate.resolve();
    await Promise.all(tasks);
    assert.deepEqual(seen, [5n, 6n, 7n, 9n]);
  });

  it("goes on behind a task that fails", async () => {
    const run = proverQueue();
    await assert.rejects(run(1n, () => Promise.reject(new Error("no"))));
    assert.equal(await run(1n, async () => "good"), "good");
  });
});

describe("a block's hash", () => {
  const pay = transfer({ from: alice, to: bob.publicKey, amount: 1n, nonce: NONCE_BASE, fee: MINA });
  const block = { ...genesisBlock(1n), transactions: [{ hash: "5J", command: pay }] };
  const base = blockHash(1n, block);

  it("is the same for the same block", () => assert.equal(blockHash(1n, block), base));
  const others = {
    height: { ...block, height: 1n },
    slot: { ...block, slot: 1n },
    timestampMs: { ...block, timestampMs: 1n },
    parent: { ...block, parent: 1n },
    transactions: { ...block, transactions: [] },
  };
  for (const [name, other] of Object.entries(others))
    it(`is another with another ${name}`, () => assert.notEqual(blockHash(1n, other), base));
  it("is another in another deployment", () => assert.notEqual(blockHash(2n, block), base));
});

describe("the pool", () => {
  const snapshot = genesisSnapshot(testGenesis());
  const base = { ledger: snapshot.ledger, fees: 0n, rules: snapshot.rules, slot: 5n };
  const limits = { transactions: 100, perSender: 10, minimumFee: 1n };
  let sequence = 0n;
  const add = (pool: TransactionPool, command: Parameters<TransactionPool["admit"]>[0]) => {
    const { commit } = pool.admit(command);
    const transaction = { hash: String(sequence), command, sequence: sequence++, receivedMs: 0 };
    assert.deepEqual(commit(transaction), []);
    return transaction;
  };
  const pay = (nonce: bigint, validUntil: bigint | null = null) =>
    signed({ feePayer: { key: alice, fee: MINA, nonce: NONCE_BASE + nonce, validUntil } });

  it("executes in the order of nonces, whatever the order of arrival", () => {
    const pool = new TransactionPool(limits, base);
    for (const nonce of [2n, 0n, 1n]) add(pool, pay(nonce));
    assert.deepEqual(
      pool.ready.map(({ command }) => command.feePayer.nonce - NONCE_BASE),
      [0n, 1n, 2n],
    );
  });

  it("drops what a later slot makes stale, and lets what follows it wait", () => {
    const pool = new TransactionPool(limits, base);
    const stale = add(pool, pay(0n, 6n));
    add(pool, pay(1n));
    const dropped = pool.rebase({ ...base, slot: 7n }, new Set());
    assert.deepEqual(
      dropped.map(({ transaction, error }) => [transaction.hash, error.code]),
      [[stale.hash, "EXECUTION_SLOT"]],
    );
    assert.equal(pool.ready.length, 0);
    assert.equal(pool.size, 1);
  });

  it("lets go of what a block has taken, and keeps the rest", () => {
    const pool = new TransactionPool(limits, base);
    const taken = add(pool, pay(0n));
    add(pool, pay(1n));
    const execution = new BatchExecution(snapshot);
    execution.openBlock(5n, 0n);
    execution.apply(taken.command);
    const next = { ...base, ledger: execution.ledger, fees: execution.fees };
    assert.deepEqual(pool.rebase(next, new Set([taken])), []);
    assert.equal(pool.ready.length, 1);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BatchExecution, genesisSnapshot } from "../../ledger/index.ts";
import { NONCE_BASE } from "../../protocol/index.ts";
import { TransactionPool } from "../../sequencer/mempool/TransactionPool.ts";
import { signed } from "../ledger/support/commands.ts";
import { hasCode } from "../support/hasCode.ts";
import { alice, MINA, testGenesis } from "./support/testDeployment.ts";

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

  it("keeps half its room from transactions that only wait, which pay nothing", () => {
    const pool = new TransactionPool({ ...limits, transactions: 4 }, base);
    for (const nonce of [5n, 6n]) add(pool, pay(nonce));
    assert.throws(() => pool.admit(pay(7n)), hasCode("MEMPOOL_FULL"));
    for (const nonce of [0n, 1n]) add(pool, pay(nonce));
    assert.throws(() => pool.admit(pay(2n)), hasCode("MEMPOOL_FULL"));
    assert.equal(pool.ready.length, 2);
  });

  it("knows a command again that is the same to the last signature, and no other", () => {
    const pool = new TransactionPool(limits, base);
    const [ready, waiting] = [add(pool, pay(0n)), add(pool, pay(3n))];
    assert.equal(pool.twin(pay(0n)), ready);
    assert.equal(pool.twin(pay(3n)), waiting);
    assert.equal(pool.twin(pay(0n, 9n)), undefined);
    assert.equal(pool.twin(pay(1n)), undefined);
    const { feePayer, ...rest } = ready.command;
    const signature = { ...feePayer.signature, s: feePayer.signature.s + 1n };
    assert.equal(pool.twin({ ...rest, feePayer: { ...feePayer, signature } }), undefined);
  });

  it("lets go of what has waited too long for an earlier nonce, and of nothing else", () => {
    const pool = new TransactionPool(limits, base);
    add(pool, pay(0n));
    const gap = add(pool, pay(2n));
    assert.deepEqual(pool.expire(0), []);
    const dropped = pool.expire(1);
    assert.deepEqual(
      dropped.map(({ transaction, error }) => [transaction.hash, error.code]),
      [[gap.hash, "MEMPOOL_WAITED"]],
    );
    assert.equal(pool.size, 1);
  });
});

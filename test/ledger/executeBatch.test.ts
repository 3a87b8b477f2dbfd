import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  accountHash,
  type BatchContent,
  BatchExecution,
  EMPTY_LOCAL_STATE,
  emptyAccount,
  executeBatch,
  followChanges,
  innerAccount,
  ledgerNodeHash,
  rootOfPath,
  type Snapshot,
} from "../../ledger/index.ts";
import {
  type Account,
  accountIdKey,
  hash,
  INNER_KEY,
  MAX_SUPPLY,
  NANOMINA,
  NONCE_BASE,
  type PublicKey,
  stateHash,
} from "../../protocol/index.ts";
import { hasCode } from "../support/hasCode.ts";
import { signed, testKey, transfer, update } from "./support/commands.ts";
import { testGenesis, testSnapshot } from "./support/genesis.ts";

const [alice, bob, dan] = [testKey(0), testKey(1), testKey(3)];
const [newcomer, other] = [testKey(20), testKey(21)];
const creationFee = NANOMINA;

/** Two blocks: transfers, two new accounts, nested updates. Collects 12 nanomina and two creation fees. */
function twoBlocks(): BatchContent {
  const nested = signed({
    feePayer: { key: bob, nonce: NONCE_BASE, fee: 5n },
    updates: [
      update(bob.publicKey, { balanceChange: -9n, useFullCommitment: true, signed: true }),
      update(alice.publicKey, { callDepth: 1, balanceChange: 4n, mayUseToken: "parentsOwnToken" }),
      update(dan.publicKey, { callDepth: 2, balanceChange: 4n, mayUseToken: "inheritFromParent" }),
      update(alice.publicKey, { callDepth: 1, balanceChange: 1n }),
      update(bob.publicKey),
    ],
  });
  return {
    feeRecipient: dan.publicKey,
    blocks: [
      {
        slot: 10n,
        timestampMs: 1n,
        commands: [
          transfer({ from: alice, to: bob.publicKey, amount: 3n, nonce: NONCE_BASE, fee: 4n, memo: "one" }),
          transfer({ from: alice, to: newcomer.publicKey, amount: 8n, nonce: NONCE_BASE + 1n, creationFee }),
          nested,
        ],
      },
      {
        slot: 12n,
        timestampMs: 2n,
        commands: [
          transfer({ from: newcomer, to: alice.publicKey, amount: 2n, nonce: NONCE_BASE, fee: 3n }),
          transfer({ from: alice, to: other.publicKey, amount: 1n, nonce: NONCE_BASE + 2n, creationFee }),
          signed({ feePayer: { key: dan, nonce: NONCE_BASE } }),
        ],
      },
    ],
  };
}

/** Mina's hash of a forest, from the hashes of its first tree. */
const forest = (update: bigint, children: bigint, siblings: bigint) =>
  hash("MinaAcctUpdateCons**", [hash("MinaAcctUpdateNode**", [update, children]), siblings]);
const total = ({ ledger }: Snapshot) =>
  [...ledger.accounts()].reduce((sum, { account }) => sum + account.balance, 0n);

describe("executing a batch", () => {
  it("leads to the state that its commands, one by one, lead to", () => {
    const source = testSnapshot();
    const batch = executeBatch(source, twoBlocks());
    const { state } = batch.target;
    assert.equal(batch.fees, 12n + 2n * creationFee);
    assert.equal(state.batch, 1n);
    assert.equal(state.blockCount, 2n);
    assert.equal(state.lastSlot, 12n);
    assert.equal(state.accountsLength, source.state.accountsLength + 2n);
    for (const name of ["inner", "owedRoot", "owedLength", "cursor", "processed"] as const)
      assert.equal(state[name], source.state[name]);
    assert.deepEqual(
      batch.newAccounts.map(({ publicKey, index, key }) => [publicKey, index, key]),
      [
        [newcomer.publicKey, 5n, accountIdKey(newcomer.publicKey)],
        [other.publicKey, 6n, accountIdKey(other.publicKey)],
      ],
    );
    assert.equal(batch.target.accounts.get(accountIdKey(other.publicKey)), 6n);
    assert.equal(batch.target.ledger.find(dan.publicKey)?.balance, 1000n * NANOMINA + 4n + batch.fees);
  });

  it("keeps the supply", () => {
    const source = testSnapshot();
    const { target } = executeBatch(source, twoBlocks());
    assert.equal(total(source), MAX_SUPPLY);
    assert.equal(total(target), MAX_SUPPLY);
  });

  it("leaves its source as it was, and gives the same state again", () => {
    const source = testSnapshot();
    const before = stateHash(source.state);
    const [first, second] = [executeBatch(source, twoBlocks()), executeBatch(source, twoBlocks())];
    assert.equal(source.ledger.root(), source.state.ledgerRoot);
    assert.equal(stateHash(source.state), before);
    assert.equal(stateHash(first.target.state), stateHash(second.target.state));
  });

  it("lists every changed account, in index order, and the list leads to the same state", () => {
    const source = testSnapshot();
    const { target, changes } = executeBatch(source, twoBlocks());
    assert.deepEqual(
      changes.map(({ index }) => index),
      [1n, 2n, 4n, 5n, 6n],
    );
    for (const { index, account } of changes) assert.deepEqual(target.ledger.get(index), account);
    const followed = followChanges(source, changes, target.state);
    assert.equal(followed.ledger.root(), target.state.ledgerRoot);
    assert.equal(followed.accounts.root(), target.state.accountsRoot);
    const next = { feeRecipient: alice.publicKey, blocks: [] };
    assert.deepEqual(executeBatch(followed, next).target.state, executeBatch(target, next).target.state);
  });

  it("takes a batch without blocks, and one without commands", () => {
    const source = testSnapshot();
    const empty = executeBatch(source, { blocks: [], feeRecipient: alice.publicKey }, { traces: true });
    assert.deepEqual(empty.target.state, { ...source.state, batch: 1n });
    assert.deepEqual(empty.changes, []);
    assert.equal(empty.traces?.fees.amount, 0n);
    const idle = { feeRecipient: alice.publicKey, blocks: [{ slot: 3n, timestampMs: 0n, commands: [] }] };
    assert.deepEqual(executeBatch(source, idle).target.state, {
      ...source.state,
      batch: 1n,
      blockCount: 1n,
      lastSlot: 3n,
    });
  });

  it("refuses a batch with one bad command", () => {
    const { blocks, feeRecipient } = twoBlocks();
    const [first, second] = blocks;
    const twice = { ...second!, commands: [...second!.commands, first!.commands[0]!] };
    assert.throws(
      () => executeBatch(testSnapshot(), { blocks: [first!, twice], feeRecipient }),
      hasCode("EXECUTION_NONCE"),
    );
  });

  it("refuses slots that go back, before the batch and within it", () => {
    const block = (slot: bigint) => ({ slot, timestampMs: 0n, commands: [] });
    const run = (source: Snapshot, ...slots: bigint[]) =>
      executeBatch(source, { blocks: slots.map(block), feeRecipient: alice.publicKey });
    const { target } = run(testSnapshot(), 5n, 5n, 6n);
    run(target, 6n);
    assert.throws(() => run(target, 5n), hasCode("EXECUTION_SLOT_BACKWARDS"));
    assert.throws(() => run(target, 8n, 7n), hasCode("EXECUTION_SLOT_BACKWARDS"));
    assert.throws(() => run(target, 1n << 32n), hasCode("EXECUTION_SLOT_BACKWARDS"));
  });
});

describe("fees of a batch", () => {
  const pay = (feeRecipient: PublicKey, change?: Partial<Account>) => {
    const { blocks } = twoBlocks();
    const source = testSnapshot();
    if (change) {
      const ledger = source.ledger.fork();
      ledger.set(3n, { ...ledger.get(3n)!, ...change });
      return executeBatch({ ...source, ledger }, { blocks, feeRecipient });
    }
    return executeBatch(source, { blocks, feeRecipient });
  };

  it("go to an account that the batch itself created", () => {
    assert.equal(pay(other.publicKey).target.ledger.find(other.publicKey)?.balance, 13n + 2n * creationFee);
  });

  it("never go to the inner account, nor to one that does not exist", () => {
    assert.throws(() => pay(INNER_KEY), hasCode("EXECUTION_FEE_RECIPIENT"));
    assert.throws(() => pay(testKey(30).publicKey), hasCode("EXECUTION_FEE_RECIPIENT"));
  });

  it("never go to an account that does not let anybody pay, is full or vests", () => {
    const third = testKey(2).publicKey;
    const { permissions } = testSnapshot().ledger.get(3n)!;
    const timing = {
      initialMinimumBalance: 0n,
      cliffTime: 0n,
      cliffAmount: 0n,
      vestingPeriod: 1n,
      vestingIncrement: 0n,
    };
    for (const change of [
      { permissions: { ...permissions, receive: "signature" as const } },
      { permissions: { ...permissions, access: "signature" as const } },
      { balance: (1n << 64n) - 1n },
      { timing },
    ])
      assert.throws(() => pay(third, change), hasCode("EXECUTION_FEE_RECIPIENT"));
    assert.equal(pay(third, {}).fees, 12n + 2n * creationFee);
  });
});

describe("a batch under way", () => {
  it("goes on after a refused command as if it had not come", () => {
    const [first] = twoBlocks().blocks;
    const run = (bad: boolean) => {
      const execution = new BatchExecution(testSnapshot(), { traced: true });
      execution.openBlock(10n, 1n);
      for (const command of first!.commands) {
        execution.apply(command);
        if (bad) assert.throws(() => execution.apply(command), hasCode("EXECUTION_NONCE"));
      }
      return execution.finish(dan.publicKey);
    };
    const [clean, disturbed] = [run(false), run(true)];
    assert.deepEqual(disturbed.target.state, clean.target.state);
    assert.deepEqual(disturbed.blocks, clean.blocks);
    assert.deepEqual(disturbed.traces, clean.traces);
  });

  it("can be looked at, and goes on", () => {
    const { blocks, feeRecipient } = twoBlocks();
    const execution = new BatchExecution(testSnapshot());
    for (const { slot, timestampMs, commands } of blocks) {
      execution.openBlock(slot, timestampMs);
      for (const command of commands) {
        execution.apply(command);
        execution.finish(feeRecipient);
      }
    }
    const whole = executeBatch(testSnapshot(), twoBlocks());
    assert.deepEqual(execution.finish(feeRecipient).target.state, whole.target.state);
    assert.equal(execution.fees, whole.fees);
    assert.deepEqual(execution.blocks, whole.blocks);
  });
});

describe("traces", () => {
  const rootWith = (index: bigint, account: Account | null, path: readonly bigint[]) =>
    rootOfPath(ledgerNodeHash, index, accountHash(account ?? emptyAccount), path);

  it("lead from the source's ledger to the target's, path by path", () => {
    const source = testSnapshot();
    const { target, traces, fees } = executeBatch(source, twoBlocks(), { traces: true });
    let root = source.state.ledgerRoot;
    let local = EMPTY_LOCAL_STATE;
    let collected = 0n;
    for (const trace of traces!.updates) {
      assert.equal(trace.ledgerRootBefore, root);
      assert.equal(rootWith(trace.index, trace.before, trace.path), root);
      root = rootWith(trace.index, trace.after, trace.path);
      assert.equal(trace.ledgerRootAfter, root);
      assert.deepEqual(trace.localBefore, local);
      local = trace.localAfter;
      assert.ok(trace.feesAfter >= collected);
      collected = trace.feesAfter;
    }
    assert.deepEqual(local, EMPTY_LOCAL_STATE);
    const end = traces!.fees;
    assert.equal(end.amount, collected);
    assert.equal(fees, collected);
    assert.equal(end.slot, 12n);
    assert.equal(rootWith(end.index, end.before, end.path), root);
    assert.equal(rootWith(end.index, end.after, end.path), target.state.ledgerRoot);
    assert.equal(end.ledgerRootAfter, target.state.ledgerRoot);
  });

  it("name every update's place, its fee payer first", () => {
    const { traces } = executeBatch(testSnapshot(), twoBlocks(), { traces: true });
    const places = traces!.updates.map(
      (t) => `${t.block}.${t.command}.${t.position} ${t.applied.kind} ${t.slot}`,
    );
    assert.deepEqual(places.slice(0, 4), [
      "0.0.0 feePayer 10",
      "0.0.1 update 10",
      "0.0.2 update 10",
      "0.1.0 feePayer 10",
    ]);
    assert.equal(places.at(-1), "1.2.0 feePayer 12");
    assert.equal(places.length, 21);
  });

  it("follow the call forest down and up", () => {
    const { traces } = executeBatch(testSnapshot(), twoBlocks(), { traces: true });
    const nested = traces!.updates.filter(({ block, command }) => block === 0 && command === 2);
    const depths = nested.map(({ localAfter: { stack, frame } }) => [stack.length, frame.calls !== 0n]);
    assert.deepEqual(depths, [
      [0, true], // fee payer: its siblings next
      [1, true], // bob's children next, bob's sibling on the stack
      [2, true], // alice's child next, her sibling on the stack too
      [1, true], // back to alice's sibling
      [0, true], // back to bob's sibling
      [0, false],
    ]);
    for (const { localBefore, children, siblings, updateHash } of nested.slice(1)) {
      assert.equal(localBefore.frame.calls, forest(updateHash, children, siblings));
    }
  });

  it("insert every new account into the accounts map, in the order of creation", () => {
    const source = testSnapshot();
    const { traces, target, newAccounts } = executeBatch(source, twoBlocks(), { traces: true });
    assert.deepEqual(
      traces!.inserts.map(({ key, value }) => [key, value]),
      newAccounts.map(({ key, index }) => [key, index]),
    );
    assert.equal(traces!.inserts[0]?.rootBefore, source.state.accountsRoot);
    assert.equal(traces!.inserts[0]?.rootAfter, traces!.inserts[1]?.rootBefore);
    assert.equal(traces!.inserts[1]?.rootAfter, target.state.accountsRoot);
  });

  it("do not change what is executed", () => {
    const [plain, traced] = [false, true].map((traces) =>
      executeBatch(testSnapshot(), twoBlocks(), { traces }),
    );
    assert.deepEqual(traced?.target.state, plain?.target.state);
    assert.deepEqual(traced?.changes, plain?.changes);
    assert.equal(plain?.traces, null);
  });
});

describe("genesis", () => {
  it("has the inner account at index 0 with what is not allocated, then the allocations at the nonce base", () => {
    const genesis = testGenesis();
    const { ledger, accounts, state } = testSnapshot();
    assert.deepEqual(ledger.get(0n), innerAccount(genesis));
    assert.equal(ledger.get(0n)?.balance, MAX_SUPPLY - 4000n * NANOMINA);
    assert.equal(ledger.get(2n)?.nonce, NONCE_BASE);
    assert.equal(ledger.size, 5n);
    assert.equal(accounts.get(accountIdKey(INNER_KEY)), 0n);
    assert.equal(accounts.get(accountIdKey(bob.publicKey)), 2n);
    assert.equal(state.accountsLength, 6n);
    assert.equal(state.batch, 0n);
  });

  it("has another state for another allocation", () => {
    assert.notEqual(stateHash(testSnapshot(3).state), stateHash(testSnapshot(4).state));
  });
});

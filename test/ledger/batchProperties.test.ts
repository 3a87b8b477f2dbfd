import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  accountHash,
  type BatchContent,
  BatchExecution,
  checkSnapshot,
  type ExecutedBatch,
  emptyAccount,
  executeBatch,
  followChanges,
  ledgerNodeHash,
  rootOfPath,
  type Snapshot,
} from "../../ledger/index.ts";
import {
  decodePayload,
  encodePayload,
  MAX_SUPPLY,
  NANOMINA,
  stateHash,
  ZekoError,
} from "../../protocol/index.ts";
import { testKey, transfer } from "./support/commands.ts";
import { testSnapshot } from "./support/genesis.ts";

const PARTIES = 8; // four of them have accounts from the start

interface DraftTransfer {
  readonly from: number;
  readonly to: number;
  readonly amount: bigint;
  readonly fee: bigint;
  readonly newBlock: boolean;
  readonly funded: boolean;
}
const drafts = fc.array(
  fc.record<DraftTransfer>({
    from: fc.nat(PARTIES - 1),
    to: fc.nat(PARTIES - 1),
    amount: fc.oneof(fc.bigInt(0n, NANOMINA), fc.bigInt(0n, 2000n * NANOMINA)),
    fee: fc.bigInt(0n, NANOMINA),
    newBlock: fc.boolean(),
    funded: fc.boolean(),
  }),
  { minLength: 1, maxLength: 6 },
);

/** Executes what of the drafts can be executed; refused ones must leave no mark. */
function run(source: Snapshot, list: readonly DraftTransfer[]): ExecutedBatch {
  const execution = new BatchExecution(source, { traced: true });
  let slot = source.state.lastSlot;
  execution.openBlock(slot, 0n);
  for (const { from, to, amount, fee, newBlock, funded } of list) {
    if (newBlock) execution.openBlock(++slot, 0n);
    const [sender, recipient] = [testKey(from), testKey(to).publicKey];
    const account = execution.ledger.find(sender.publicKey);
    const isNew = execution.ledger.find(recipient) === null;
    const command = transfer({
      from: sender,
      to: recipient,
      amount,
      fee,
      nonce: account?.nonce ?? 0n,
      creationFee: isNew && funded ? NANOMINA : 0n,
    });
    const before = execution.ledger.root();
    try {
      execution.apply(command);
    } catch (error) {
      assert.ok(error instanceof ZekoError, String(error));
      assert.equal(execution.ledger.root(), before);
    }
  }
  return execution.finish(testKey(1).publicKey);
}

function checkBatch(batch: ExecutedBatch): void {
  const { source, target, changes, traces } = batch;
  checkSnapshot(source);
  checkSnapshot(target);
  const supply = [...target.ledger.accounts()].reduce((sum, { account }) => sum + account.balance, 0n);
  assert.equal(supply, MAX_SUPPLY);
  assert.equal(target.accounts.length, target.ledger.size + 1n);
  assert.equal(stateHash(followChanges(source, changes, target.state).state), stateHash(target.state));
  const again: BatchContent = postedAndRead(batch);
  const replayed = executeBatch(source, again);
  assert.deepEqual(replayed.target.state, target.state);
  assert.deepEqual(replayed.changes, changes);
  let root = source.state.ledgerRoot;
  for (const { index, before, after, path } of [...traces!.updates, traces!.fees]) {
    const rootWith = (leaf: bigint) => rootOfPath(ledgerNodeHash, index, leaf, path);
    assert.equal(rootWith(accountHash(before ?? emptyAccount)), root);
    root = rootWith(accountHash(after));
  }
  assert.equal(root, target.state.ledgerRoot);
}

/** The batch as a validator reads it from the DA chain. */
function postedAndRead({
  source,
  target,
  blocks,
  feeRecipient,
  landBy,
  changes,
}: ExecutedBatch): BatchContent {
  const { data } = encodePayload({
    domain: 0n,
    source: stateHash(source.state),
    target: target.state,
    landBy,
    feeRecipient,
    blocks,
    changes,
  });
  return decodePayload(data);
}

describe("random batches", () => {
  it("keep the supply, can be replayed from what is posted, and have traces that lead from end to end", () => {
    fc.assert(
      fc.property(fc.array(drafts, { minLength: 1, maxLength: 3 }), (batches) => {
        let snapshot = testSnapshot();
        for (const list of batches) {
          const batch = run(snapshot, list);
          checkBatch(batch);
          snapshot = batch.target;
        }
      }),
      { seed: 11, numRuns: 8 },
    );
  });
});

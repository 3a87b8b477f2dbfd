import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { BatchId } from "../../da/index.ts";
import { NONCE_BASE, publicKeyToBase58 } from "../../protocol/index.ts";
import { transfer } from "../ledger/support/commands.ts";
import { TestRollup } from "./support/TestRollup.ts";
import { alice, bob, MINA, sequencerKey, testGenesis } from "./support/testDeployment.ts";
import { accepted, batch, closeBatch, get, query, reached, until } from "./support/userCalls.ts";

const pay = (nonce: bigint) => transfer({ from: alice, to: bob.publicKey, amount: 1n, nonce, fee: MINA });
const commits = (made: readonly string[]) => made.filter((name) => name.startsWith("commit"));

/** A rollup whose first batch has been sent to L1. */
async function withSentBatch(rollup = new TestRollup()) {
  const { url } = await rollup.start();
  await accepted(url, pay(NONCE_BASE));
  await closeBatch(url);
  await reached(url, 1, "sent");
  return { rollup, url, l1: rollup.l1 };
}

describe("settlement", () => {
  it("sends a commit that a reorganisation dropped again: the same one, proved once", async () => {
    const { rollup, url, l1 } = await withSentBatch();
    l1.makeBlock();
    await reached(url, 1, "accepted");
    l1.reorg(1);
    assert.equal(l1.accepted, 0n);
    await until(
      () => l1.pooled.length,
      (waiting) => waiting === 1,
    );
    l1.makeBlock();
    await until(
      () => l1.accepted,
      (number) => number === 1n,
    );
    const { commit } = await reached(url, 1, "accepted");
    assert.equal(commit?.attempt, 1);
    assert.equal(new Set(l1.sent).size, 1);
    assert.equal(commits(rollup.prover.made).length, 1);
  });

  it("keeps an acceptance that a reorganisation only moved to another block", async () => {
    const { url, l1 } = await withSentBatch();
    l1.makeBlock();
    const before = await reached(url, 1, "accepted");
    l1.reorg(1, { keepCommands: true });
    type Accepted = { accepted: { hash: string } };
    const old = (before as unknown as Accepted).accepted.hash;
    const moved = await until(
      () => get<Accepted & { step: string }>(url, "/v1/batches/1"),
      ({ accepted: place }) => place?.hash !== old,
    );
    assert.equal(moved.step, "accepted");
    assert.equal(new Set(l1.sent).size, 1);
  });

  it("takes back two batches with their blocks, and settles both again in order", async () => {
    const { url, l1 } = await withSentBatch();
    await closeBatch(url);
    l1.makeBlock();
    await reached(url, 2, "sent");
    l1.makeBlock();
    await reached(url, 2, "accepted");
    l1.reorg(2);
    for (const number of [1n, 2n])
      await until(
        () => {
          if (l1.pooled.length > 0) l1.makeBlock();
          return l1.accepted;
        },
        (standing) => standing >= number,
      );
    await reached(url, 2, "accepted");
    assert.equal(new Set(l1.sent).size, 2);
  });

  it("sends a commit again that L1's pool forgot", async () => {
    const { url, l1 } = await withSentBatch();
    l1.dropPool();
    l1.makeBlock();
    await until(
      () => l1.pooled.length,
      (waiting) => waiting === 1,
    );
    l1.makeBlock();
    await reached(url, 1, "accepted");
    assert.equal(new Set(l1.sent).size, 1);
  });

  it("signs a commit anew, without proving it anew, when its nonce was used up", async () => {
    const { rollup, url, l1 } = await withSentBatch();
    l1.dropPool();
    l1.spendNonce(publicKeyToBase58(sequencerKey.publicKey));
    l1.makeBlock();
    await until(
      () => l1.pooled.length,
      (waiting) => waiting === 1,
    );
    l1.makeBlock();
    const { commit } = await reached(url, 1, "accepted");
    assert.equal(commit?.attempt, 2);
    assert.equal(commits(rollup.prover.made).length, 1);
  });

  it("offers more, with the same nonce, when L1's blocks leave the commit lying", async () => {
    const { rollup, url, l1 } = await withSentBatch();
    const [first] = l1.pooled;
    l1.congested = true;
    for (let i = 0; i < 15; i++) l1.makeBlock();
    await until(
      () => l1.pooled,
      (waiting) => waiting.length === 1 && waiting[0] !== first,
    );
    const fees = [l1.given(0), l1.given(1)].map(({ feePayer }) => BigInt(feePayer.body.fee));
    assert.equal(fees[1], (fees[0]! * 3n) / 2n);
    assert.equal(l1.given(0).feePayer.body.nonce, l1.given(1).feePayer.body.nonce);
    l1.congested = false;
    l1.makeBlock();
    const { commit } = await reached(url, 1, "accepted");
    assert.equal(commit?.attempt, 2);
    assert.equal(commits(rollup.prover.made).length, 1);
  });

  it("stops building commits when they fail again and again", async () => {
    const rollup = new TestRollup();
    const { l1 } = rollup;
    const { url } = await rollup.start();
    await closeBatch(url);
    await reached(url, 1, "sent");
    const effect = l1.effects.get(1n)!;
    l1.effects.set(1n, { ...effect, outer: { ...effect.outer, core: 7n } });
    const { commit } = await until(
      () => {
        if (l1.pooled.length > 0) l1.makeBlock();
        return batch(url, 1);
      },
      // A fault that heals by itself may be seen on the way.
      (seen) => seen.waitsFor === "SETTLEMENT_COMMIT_FAILED",
    );
    assert.equal(commit?.attempt, 5);
    l1.makeBlock();
    assert.equal(l1.pooled.length, 0);
  });

  it("puts the transactions of a batch that missed its window into a new one", async () => {
    const rollup = new TestRollup(testGenesis({ maxLag: 20n }));
    const { url, l1 } = await withSentBatch(rollup);
    await accepted(url, pay(NONCE_BASE + 1n));
    await closeBatch(url);
    l1.dropPool();
    l1.makeBlock(21);
    const missed = (await get<{ batches: { id: string }[] }>(url, "/v1/batches")).batches[0]?.id;
    type Status = { pending: number; batches: { closed: string } };
    await until(
      () => get<Status>(url, "/v1/status"),
      ({ pending, batches }) => pending === 2 && batches.closed === "0",
    );
    const again = await closeBatch(url);
    assert.equal(again.number, "1");
    assert.equal(again.transactions, 2);
    await reached(url, 1, "sent");
    l1.makeBlock();
    const landed = await reached(url, 1, "accepted");
    assert.notEqual(landed.id, missed);
    assert.equal(l1.accepted, 1n);
  });

  it("stops at a state that is none of its own, and says so", async () => {
    const rollup = new TestRollup();
    const { url } = await rollup.start();
    const other = new TestRollup();
    const rival = await other.start();
    await accepted(rival.url, pay(NONCE_BASE));
    await closeBatch(rival.url);
    await reached(rival.url, 1, "sent");
    // The rival's batch lands on the L1 that both follow.
    rollup.l1.effects.set(1n, other.l1.effects.get(1n)!);
    await rollup.l1.client().send(other.l1.given(0));
    rollup.l1.makeBlock();
    const ready = await until(
      async () => (await fetch(`${url}/readyz`)).json() as Promise<{ checks: { l1: string | null } }>,
      ({ checks }) => checks.l1 !== null,
    );
    assert.equal(ready.checks.l1, "SETTLEMENT_FOREIGN_STATE");
  });

  it("refuses a certificate over another batch, and names what it waits for", async () => {
    const rollup = new TestRollup();
    rollup.da.signers = 0;
    const { url } = await rollup.start();
    await closeBatch(url);
    await reached(url, 1, "sealed");
    const foreign = new TestRollup(testGenesis({ name: "other" }));
    const other = await foreign.start();
    await accepted(other.url, pay(NONCE_BASE));
    await closeBatch(other.url);
    const { id } = await reached(other.url, 1, "sent");
    const lying = {
      ...rollup.da.relay(),
      certificate: () => foreign.da.relay().certificate(id as BatchId, 0n),
    };
    const third = new TestRollup();
    third.da.signers = 0;
    const misled = await third.start({}, { relay: lying });
    await closeBatch(misled.url);
    await until(
      () => third.log.lines,
      (lines) => lines.some(({ fields }) => fields.code === "CERTIFICATE_NOT_OURS"),
    );
    assert.equal((await batch(misled.url, 1)).step, "sealed");
  });

  it("refuses a quorum proof over another message", async () => {
    const rollup = new TestRollup();
    const relay = { ...rollup.da.relay(), quorumProof: async () => ({ message: "1", setHash: "2" }) };
    const { url } = await rollup.start({}, { relay });
    await closeBatch(url);
    const waiting = await until(
      () => batch(url, 1),
      ({ waitsFor }) => waitsFor === "QUORUM_PROOF_INVALID",
    );
    assert.equal(waiting.step, "wrapped");
  });

  it("closes no further batch while too many wait for L1", async () => {
    const rollup = new TestRollup();
    const { url } = await rollup.start({ "sequencer.open-batches": 2 });
    await closeBatch(url);
    await closeBatch(url);
    await assert.rejects(closeBatch(url), /SEQUENCER_BACKLOG/);
    const { errors } = await query<{ errors?: unknown }>(url, "{ syncStatus }");
    assert.equal(errors, undefined);
  });
});

import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { BatchId } from "../../da/index.ts";
import { createMemoryLogger, ManualClock } from "../../service/index.ts";
import { type BatchRecord, isRefusedUnseen } from "../../signer/BatchRecord.ts";
import { UnseenBatches } from "../../signer/UnseenBatches.ts";
import { recordAt } from "./support/recordAt.ts";
import { type TestBatch, testChain, testDeployment } from "./support/testRollup.ts";

const { genesis } = testDeployment(4);
const [first] = testChain(genesis, 1) as [TestBatch];
const { id } = first;
const record = recordAt("noticed", first);
const refused = (step: BatchRecord["step"]): BatchRecord => ({
  ...record,
  step,
  refusal: { code: "SIGNER_POSTER", reason: "says our node" },
});
const other = (n: number) => `0x${n.toString(16).padStart(64, "0")}` as const;

describe("batches that peers attest to and the DA node does not show", () => {
  let clock: ManualClock;
  let unseen: UnseenBatches;
  /** What the store holds, what the node tells when it is asked by name, and what it was asked. */
  let stored: Map<BatchId, BatchRecord>;
  let told: Map<BatchId, BatchRecord>;
  let asked: BatchId[];
  let taken: BatchRecord[];
  let certified: BatchId[];
  beforeEach(async () => {
    clock = new ManualClock();
    [stored, told, asked, taken, certified] = [new Map(), new Map(), [], [], []];
    unseen = new UnseenBatches({
      store: {
        batch: async (name) => stored.get(name),
        noticeAside: async (batch) => {
          const known = stored.get(batch.id);
          if (known && !isRefusedUnseen(known)) return false;
          stored.set(batch.id, batch);
          return true;
        },
        certify: async (name) => void certified.push(name),
      },
      read: async (name) => {
        asked.push(name);
        return told.get(name);
      },
      isCertified: async () => true,
      onBatch: (batch) => void taken.push(batch),
      clock,
      random: () => 0.5,
      log: createMemoryLogger(),
    });
    await unseen.start();
  });
  afterEach(() => unseen.stop());

  it("count for the alarm once two peers say so", () => {
    unseen.hear(id, 0n, "a");
    unseen.hear(id, 0n, "a");
    assert.equal(unseen.count, 0);
    unseen.hear(id, 0n, "b");
    assert.equal(unseen.count, 1);
  });

  it("are asked for by name, taken in with their certificate once told of, and forgotten", async () => {
    for (const peer of ["a", "b"]) unseen.hear(id, 0n, peer);
    await clock.advance(10_000);
    assert.ok(asked.length > 1);
    assert.deepEqual(taken, []);
    told.set(id, record);
    await clock.advance(60_000);
    assert.deepEqual(taken, [record]);
    assert.deepEqual(certified, [id]);
    stored.set(id, { ...record, step: "admitted" });
    await clock.advance(1_000);
    assert.equal(unseen.count, 0);
  });

  it("are asked for more and more seldom, and are nobody's concern after an hour", async () => {
    for (const peer of ["a", "b"]) unseen.hear(id, 0n, peer);
    await clock.advance(3_600_000);
    assert.ok(asked.length < 100);
    await clock.advance(1_000);
    assert.equal(unseen.count, 0);
  });

  it("are left to the chain while it tells of them by itself", async () => {
    stored.set(id, record);
    unseen.hear(id, 0n, "a");
    await clock.advance(60_000);
    assert.deepEqual(asked, []);
  });

  it("are looked at again when the node made us refuse them, not when their bytes did", async () => {
    stored.set(id, refused("noticed"));
    told.set(id, record);
    unseen.hear(id, 0n, "a");
    await clock.advance(60_000);
    assert.deepEqual(taken, [record]);
    stored.set(id, refused("fetched"));
    unseen.hear(id, 0n, "a");
    await clock.advance(60_000);
    assert.deepEqual(taken, [record]);
  });

  it("that many peers make up do not push out those of who speaks of few", async () => {
    told.set(id, record);
    unseen.hear(id, 0n, "honest");
    for (let n = 0; n < 200; n++) unseen.hear(other(n), 0n, `liar ${n % 5}`);
    await clock.advance(5_000);
    assert.deepEqual(taken, [record]);
  });

  it("that one peer makes up push out only its own", () => {
    for (const peer of ["a", "b"]) unseen.hear(id, 0n, peer);
    for (let n = 1; n <= 1_000; n++) for (const peer of ["x", "y"]) unseen.hear(other(n), 0n, peer);
    assert.equal(unseen.count, 17); // x's last ones, to which y says yes, and ours
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { AttestationBook, type SignedAttestation } from "../../gossip/index.ts";
import { signFields, verifyFields } from "../../protocol/index.ts";
import { batchNamed, testMessage, testValidators } from "./validators.ts";

const { validators, set } = testValidators(4);
const question = (n: number) => ({ batch: batchNamed(n), set, message: testMessage(set, BigInt(n)) });
/** Slot's word on batch n; the message is that of batch `over`. */
const sign = (slot: number, n: number, over = n): SignedAttestation => ({
  batch: batchNamed(n),
  epoch: 0n,
  slot,
  signature: signFields(validators[slot]!.privateKey, [testMessage(set, BigInt(over))]),
});
const good = Array.from({ length: 4 }, (_, slot) => sign(slot, 1));

describe("AttestationBook", () => {
  it("keeps each member's signature once, by slot", () => {
    const kept: number[] = [];
    const book = new AttestationBook({}, { onKept: ({ slot }) => kept.push(slot) });
    book.open(question(1));
    for (const slot of [2, 0, 2, 0]) book.judge(good[slot]!, "a");
    assert.deepEqual(kept, [2, 0]);
    assert.deepEqual(
      book.attestations(batchNamed(1), 0n).map(({ slot }) => slot),
      [0, 2],
    );
  });

  it("refuses a signature over another batch, and still takes the right one after it", () => {
    const book = new AttestationBook();
    book.open(question(1));
    assert.deepEqual(book.judge(sign(0, 1, 2), "a"), { kind: "refused", fault: "lie" });
    assert.deepEqual(book.judge(good[0]!, "a"), { kind: "kept" });
  });

  it("refuses another member's signature in a slot", () => {
    const book = new AttestationBook();
    book.open(question(1));
    assert.deepEqual(book.judge({ ...good[0]!, slot: 1 }, "a"), { kind: "refused", fault: "lie" });
  });

  it("refuses a slot that the set does not have", () => {
    const book = new AttestationBook();
    book.open(question(1));
    assert.deepEqual(book.judge({ ...good[0]!, slot: 4 }, "a"), { kind: "refused", fault: "stranger" });
  });

  it("refuses a repeat without looking at its signature", () => {
    let verified = 0;
    const book = new AttestationBook(
      {},
      {
        verify: (...args) => {
          verified++;
          return verifyFields(...args);
        },
      },
    );
    book.open(question(1));
    for (let i = 0; i < 5; i++) book.judge(good[0]!, "a");
    assert.equal(verified, 1);
    assert.deepEqual(book.judge(good[0]!, "a"), { kind: "refused", fault: "repeat" });
  });

  it("holds back what comes before its batch, and judges it when the batch is there", () => {
    const kept: number[] = [];
    const faults: [string, number, string][] = [];
    const book = new AttestationBook(
      {},
      {
        onKept: ({ slot }) => kept.push(slot),
        onLateFault: (fault, { slot }, source) => faults.push([fault, slot, source]),
      },
    );
    assert.deepEqual(book.judge(good[1]!, "a"), { kind: "waiting" });
    book.judge(sign(2, 1, 9), "liar");
    book.open(question(1));
    assert.deepEqual(kept, [1]);
    assert.deepEqual(faults, [["lie", 2, "liar"]]);
    assert.equal(book.waiting, 0);
  });

  it("does not take another epoch's attestation for its own", () => {
    const book = new AttestationBook();
    book.open(question(1));
    assert.deepEqual(book.judge({ ...good[0]!, epoch: 1n }, "a"), { kind: "waiting" });
    assert.deepEqual(book.attestations(batchNamed(1), 0n), []);
  });

  it("lets a flood over unknown batches push out only its own", () => {
    const book = new AttestationBook({ maxWaiting: 20, maxWaitingPerSource: 16 });
    book.judge(good[0]!, "honest");
    for (let n = 100; n < 200; n++) book.judge({ ...good[1]!, batch: batchNamed(n) }, "flood");
    for (let n = 200; n < 210; n++) book.judge({ ...good[1]!, batch: batchNamed(n) }, `flood ${n}`);
    assert.ok(book.waiting <= 20);
    book.open(question(1));
    assert.deepEqual(
      book.attestations(batchNamed(1), 0n).map(({ slot }) => slot),
      [0],
    );
  });

  it("starts again from what was stored", () => {
    const book = new AttestationBook();
    book.open(question(1));
    book.restore(good[3]!);
    assert.deepEqual(book.judge(good[3]!, "a"), { kind: "refused", fault: "repeat" });
    assert.equal(book.attestations(batchNamed(1), 0n).length, 1);
  });

  it("holds no more batches than it may, the newest ones", () => {
    const book = new AttestationBook({ maxPages: 2 });
    for (const n of [1, 2, 3]) book.open(question(n));
    assert.deepEqual(book.judge(good[0]!, "a"), { kind: "waiting" });
    assert.deepEqual(book.judge(sign(0, 3), "a"), { kind: "kept" });
  });

  it("counts each member once, whatever comes in whatever order, early or late", () => {
    const right = good.map((attestation) => ({ attestation, good: true }));
    const wrong = [0, 1, 2, 3].flatMap((slot) => [
      { attestation: sign(slot, 1, 2), good: false },
      { attestation: { ...good[(slot + 1) % 4]!, slot }, good: false },
      { attestation: { ...good[slot]!, slot: slot + 4 }, good: false },
      { attestation: { ...good[slot]!, epoch: 9n }, good: false },
    ]);
    const message = fc.record({
      what: fc.constantFrom(...right, ...wrong),
      source: fc.constantFrom("a", "b", "c"),
    });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 30 }), fc.nat(30), (messages, opensAt) => {
        const told: number[] = [];
        const book = new AttestationBook({}, { onKept: ({ slot }) => told.push(slot) });
        for (const [i, { what, source }] of messages.entries()) {
          if (i === opensAt) book.open(question(1));
          book.judge(what.attestation, source);
        }
        book.open(question(1));
        const expected = new Set(
          messages.filter(({ what }) => what.good).map(({ what }) => what.attestation.slot),
        );
        assert.deepEqual(
          book.attestations(batchNamed(1), 0n).map(({ slot }) => slot),
          [...expected].sort(),
        );
        assert.equal(told.length, expected.size);
      }),
      { seed: 7, numRuns: 40 },
    );
  });

  it("forgets a closed batch in every epoch", () => {
    const book = new AttestationBook();
    book.open(question(1));
    book.judge(good[0]!, "a");
    book.close(batchNamed(1));
    assert.deepEqual(book.attestations(batchNamed(1), 0n), []);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { enoughVotes } from "../../da/enoughVotes.ts";
import type { Attestation, ValidatorSet } from "../../protocol/index.ts";

const weights = [1n, 5n, 1n, 3n, 2n];
const set = (threshold: bigint): ValidatorSet => ({
  epoch: 0n,
  threshold,
  members: weights.map((weight, i) => ({ publicKey: { x: BigInt(i), isOdd: false }, weight })),
});
const votes = (...slots: number[]): Attestation[] =>
  slots.map((slot) => ({ slot, signature: { r: 1n, s: 1n } }));
const slotsOf = (taken: readonly Attestation[]) => taken.map(({ slot }) => slot);

describe("votes of a rotation", () => {
  it("are as few as make the threshold, in the order of their slots", () => {
    const all = votes(0, 1, 2, 3, 4);
    assert.deepEqual(slotsOf(enoughVotes(set(5n), all)), [1]);
    assert.deepEqual(slotsOf(enoughVotes(set(7n), all)), [1, 3]);
    assert.deepEqual(slotsOf(enoughVotes(set(11n), all)), [0, 1, 3, 4]);
    assert.deepEqual(slotsOf(enoughVotes(set(12n), all)), [0, 1, 2, 3, 4]);
    assert.deepEqual(slotsOf(enoughVotes(set(3n), votes(0, 2, 4))), [0, 4]);
  });

  it("are all that there are when they do not make the threshold", () => {
    assert.deepEqual(slotsOf(enoughVotes(set(7n), votes(0, 2, 3))), [0, 2, 3]);
    assert.deepEqual(enoughVotes(set(7n), []), []);
  });

  it("of no member weigh nothing", () => {
    assert.deepEqual(slotsOf(enoughVotes(set(7n), votes(1, 3, 9))), [1, 3]);
  });
});

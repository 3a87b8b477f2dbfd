import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { DaValidatorSet } from "../../da/index.ts";
import { genesisSnapshot } from "../../ledger/index.ts";
import {
  outerAfterRotation,
  outerAtGenesis,
  type RotationKind,
  type ValidatorSet,
  validatorEpochsHash,
  validatorSetHash,
} from "../../protocol/index.ts";
import { ValidatorHistory } from "../../sequencer/index.ts";
import { testDeployment } from "../signer/support/testRollup.ts";

const { genesis } = testDeployment(4);
const outer = outerAtGenesis(genesis, genesisSnapshot(genesis).state);
const members = genesis.validators.members;
const setAt = (epoch: bigint, count = 4): ValidatorSet => ({
  epoch,
  threshold: BigInt(count),
  members: members.slice(0, count),
});
const told = (set: ValidatorSet, until: bigint, kind: RotationKind = "normal"): DaValidatorSet => ({
  ...set,
  hash: validatorSetHash(set),
  inForce: true,
  graceEnd: 0n,
  until,
  kind,
});
const truth = [told(genesis.validators, 0n), told(setAt(1n), 50n), told(setAt(2n, 3), 90n)];
/** Field 6 once Mina has taken the rotations up to this epoch. */
const fieldAt = (epoch: number) =>
  truth
    .slice(1, epoch + 1)
    .reduce((state, { hash: next, until, kind }) => outerAfterRotation(state, { next, until, kind }), outer)
    .validators;
const hashAt = (epoch: number) => validatorEpochsHash(fieldAt(epoch));

/** A node that first lies, and what was asked of it. */
function history(lies: readonly DaValidatorSet[]) {
  const node = { sets: lies, asked: [] as bigint[] };
  const da = {
    currentEpoch: async () => BigInt(node.sets.length - 1),
    validatorSet: async (epoch: bigint) => {
      node.asked.push(epoch);
      return node.sets[Number(epoch)] ?? Promise.reject(new Error("no such epoch"));
    },
  };
  return { node, known: new ValidatorHistory({ genesis, outer }, { da }) };
}

describe("the sets that a sequencer knows", () => {
  const [zero, one, two] = truth as [DaValidatorSet, DaValidatorSet, DaValidatorSet];
  const lies: [string, DaValidatorSet[]][] = [
    ["another end of the last one", [zero, one, { ...two, until: 91n }]],
    ["another kind of the last one", [zero, one, { ...two, kind: "removal" }]],
    ["another set before", [zero, told(setAt(1n, 3), 50n), two]],
    ["an epoch too many", [zero, one, two, told(setAt(3n), 99n)]],
    ["other sets throughout", [zero, told(setAt(1n, 3), 1n), told(setAt(2n), 2n), told(setAt(3n), 3n)]],
  ];

  for (const [name, lie] of lies)
    it(`are read again once the node no longer tells of ${name}`, async () => {
      const { node, known } = history(lie);
      await known.look(hashAt(0));
      node.sets = truth;
      const field = hashAt(2);
      // A chain that is only longer makes this field already.
      if (name !== "an epoch too many") assert.equal(known.fieldOf(field), undefined);
      await known.look(field);
      assert.deepEqual(known.fieldOf(field), fieldAt(2));
      assert.deepEqual(
        known.accepted(field, 90n).map(({ set }) => set.epoch),
        [1n, 2n],
      );
    });

  it("are not read again while they make what Mina has, and two only while Mina is ahead", async () => {
    const { node, known } = history(truth);
    await known.look(hashAt(2));
    node.asked.length = 0;
    for (const epoch of [0, 1, 2]) await known.look(hashAt(epoch));
    assert.deepEqual(node.asked, []);
    await known.look(1234n);
    assert.deepEqual([...new Set(node.asked)], [2n, 1n]);
    assert.deepEqual(known.fieldOf(hashAt(2)), fieldAt(2));
  });

  it("stay as they are when reading them again fails half-way", async () => {
    const { node, known } = history([zero, one, { ...two, until: 91n }]);
    await known.look(hashAt(0));
    node.sets = [zero, undefined as unknown as DaValidatorSet, two];
    await assert.rejects(known.look(hashAt(2)));
    assert.deepEqual(
      known.sets.map(({ set }) => set.epoch),
      [0n, 1n, 2n],
    );
    node.sets = truth;
    await known.look(hashAt(2));
    assert.deepEqual(known.fieldOf(hashAt(2)), fieldAt(2));
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkedSet } from "../../gossip/index.ts";
import { type ValidatorSet, validatorSetHash } from "../../protocol/index.ts";
import { hasCode } from "../support/hasCode.ts";
import { testValidators } from "./validators.ts";

const { set: genesis } = testValidators(4);
const says = (set: ValidatorSet, hash = validatorSetHash(set)) => ({
  validatorSet: async () => ({ ...set, hash }),
});

describe("checkedSet", () => {
  it("takes the genesis file's set for epoch 0, and computes its hash", async () => {
    assert.deepEqual(await checkedSet(says(genesis), 0n, genesis), {
      set: genesis,
      hash: validatorSetHash(genesis),
    });
  });

  it("refuses another set for epoch 0", async () => {
    await assert.rejects(
      checkedSet(says({ ...genesis, threshold: 4n }), 0n, genesis),
      hasCode("SET_MISMATCH"),
    );
  });

  it("takes the node's word for a later epoch only with the right hash", async () => {
    const later = { ...genesis, epoch: 1n, threshold: 4n };
    assert.equal((await checkedSet(says(later), 1n, genesis)).set.threshold, 4n);
    await assert.rejects(checkedSet(says(later, 5n), 1n, genesis), hasCode("SET_MISMATCH"));
  });

  it("refuses a set that could not be", async () => {
    const weak = { ...genesis, epoch: 1n, threshold: 2n };
    await assert.rejects(checkedSet(says(weak), 1n, genesis), hasCode("SET_THRESHOLD"));
    const twice = { ...genesis, epoch: 1n, members: [genesis.members[0]!, genesis.members[0]!] };
    await assert.rejects(checkedSet(says(twice), 1n, genesis), hasCode("SET_ORDER"));
  });
});

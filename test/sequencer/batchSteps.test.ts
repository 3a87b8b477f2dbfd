import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { batchSteps, hasReached } from "../../sequencer/batches/batchSteps.ts";

describe("the steps of a batch", () => {
  it("are reached in their order", () => {
    for (const [i, step] of batchSteps.entries())
      for (const [j, other] of batchSteps.entries()) assert.equal(hasReached(step, other), i >= j);
  });
});

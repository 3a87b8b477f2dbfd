import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Allowance } from "../../sequencer/chain/Allowance.ts";

describe("an allowance", () => {
  it("is used up, and comes back with time, never above its burst", () => {
    let ms = 0;
    const allowance = new Allowance({ perSecond: 2, burst: 3 }, { elapsed: () => ms });
    const taken = () => [1, 2, 3, 4].map(() => allowance.take());
    assert.deepEqual(taken(), [true, true, true, false]);
    ms += 499;
    assert.equal(allowance.take(), false);
    ms += 1;
    assert.deepEqual([allowance.take(), allowance.take()], [true, false]);
    ms += 3_600_000;
    assert.deepEqual(taken(), [true, true, true, false]);
  });
});

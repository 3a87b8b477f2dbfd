import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { proverQueue } from "../../sequencer/batches/proverQueue.ts";

describe("the prover's queue", () => {
  it("lets the oldest batch go first", async () => {
    const run = proverQueue();
    const gate = Promise.withResolvers<void>();
    const seen: bigint[] = [];
    const tasks = [5n, 9n, 7n, 6n].map((batch, i) =>
      run(batch, async () => {
        if (i === 0) await gate.promise;
        seen.push(batch);
      }),
    );
    gate.resolve();
    await Promise.all(tasks);
    assert.deepEqual(seen, [5n, 6n, 7n, 9n]);
  });

  it("goes on behind a task that fails", async () => {
    const run = proverQueue();
    await assert.rejects(run(1n, () => Promise.reject(new Error("no"))));
    assert.equal(await run(1n, async () => "good"), "good");
  });
});

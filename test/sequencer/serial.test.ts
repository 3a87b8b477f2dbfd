import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { serial } from "../../sequencer/chain/serial.ts";

describe("a serial queue", () => {
  it("runs one task at a time, in order, past one that fails", async () => {
    const run = serial();
    const seen: number[] = [];
    const gate = Promise.withResolvers<void>();
    const first = run(async () => {
      await gate.promise;
      seen.push(1);
    });
    const failing = run(() => {
      seen.push(2);
      throw new Error("no");
    });
    const last = run(() => void seen.push(3));
    gate.resolve();
    await first;
    await assert.rejects(failing);
    await last;
    assert.deepEqual(seen, [1, 2, 3]);
  });
});

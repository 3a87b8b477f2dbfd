import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ManualClock, systemClock } from "../../service/index.ts";

describe("ManualClock", () => {
  it("wakes sleepers in the order of their times, each at its own", async () => {
    const clock = new ManualClock(1_000);
    const woken: [string, number][] = [];
    void clock.sleep(20).then(() => woken.push(["b", clock.now()]));
    void clock.sleep(10).then(() => woken.push(["a", clock.now()]));
    void clock.sleep(31).then(() => woken.push(["c", clock.now()]));
    await clock.advance(30);
    assert.deepEqual(woken, [
      ["a", 1_010],
      ["b", 1_020],
    ]);
    assert.equal(clock.now(), 1_030);
    assert.equal(clock.sleeping, 1);
  });

  it("repeats a task after each period until aborted, then resolves", async () => {
    const clock = new ManualClock();
    const stop = new AbortController();
    const runs: number[] = [];
    const loop = clock.every(10, stop.signal, async () => void runs.push(clock.now()));
    await clock.advance(25);
    stop.abort();
    await loop;
    assert.deepEqual(runs, [0, 10, 20]);
    assert.equal(clock.sleeping, 0);
  });

  it("lets the run in hand finish when aborted", async () => {
    const clock = new ManualClock();
    const stop = new AbortController();
    let finished = false;
    const loop = clock.every(10, stop.signal, async () => {
      await clock.sleep(5);
      finished = true;
    });
    stop.abort();
    await clock.advance(5);
    await loop;
    assert.ok(finished);
  });

  it("rejects with what the task throws", async () => {
    const clock = new ManualClock();
    const task = async () => {
      throw new RangeError("bad");
    };
    await assert.rejects(clock.every(1, new AbortController().signal, task), RangeError);
  });
});

describe("systemClock", () => {
  it("ends a sleep when its signal aborts, also one that aborted before", async () => {
    const stop = new AbortController();
    const sleep = systemClock.sleep(3_600_000, stop.signal);
    stop.abort();
    await sleep;
    await systemClock.sleep(3_600_000, stop.signal);
  });
});

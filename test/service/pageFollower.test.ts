import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createMemoryLogger, ManualClock, PageFollower } from "../../service/index.ts";

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

/** Follows numbers that `pagesFrom` gives from the place written down. */
function follower(pagesFrom: (place: number, signal: AbortSignal) => AsyncIterable<number>) {
  const taken: number[] = [];
  const clock = new ManualClock();
  const log = createMemoryLogger();
  const state = { place: 0, refuse: (_: number) => false };
  const follow = new PageFollower<number>(
    {
      what: "source",
      pages: async (signal) => pagesFrom(state.place, signal),
      take: async (page) => {
        if (state.refuse(page)) throw new Error("disk full");
        taken.push(page);
        state.place = page + 1;
      },
    },
    { clock, random: () => 0.5, log },
  );
  return { follow, taken, clock, log, state };
}

async function* upTo(from: number, end: number, signal: AbortSignal): AsyncIterable<number> {
  for (let page = from; page < end; page++) yield page;
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
}

describe("PageFollower", { timeout: 10_000 }, () => {
  it("goes on from the place written down when the source fails", async () => {
    const asked: number[] = [];
    const { follow, taken, clock } = follower(async function* (place, signal) {
      asked.push(place);
      if (asked.length === 1) {
        yield 0;
        throw new Error("connection lost");
      }
      yield* upTo(place, 3, signal);
    });
    await follow.start();
    await until(() => clock.sleeping > 0);
    await clock.advance(60_000);
    await until(() => taken.length === 3);
    await follow.stop();
    assert.deepEqual(
      [asked, taken],
      [
        [0, 1],
        [0, 1, 2],
      ],
    );
  });

  it("asks again for a page that could not be written down", async () => {
    const { follow, taken, clock, state, log } = follower((place, signal) => upTo(place, 2, signal));
    state.refuse = (page) => page === 1;
    await follow.start();
    await until(() => log.lines.length > 0 && clock.sleeping > 0);
    state.refuse = () => false;
    await clock.advance(60_000);
    await until(() => taken.length === 2);
    await follow.stop();
    assert.deepEqual(taken, [0, 1]);
    assert.equal(log.lines[0]!.message, "source not read");
  });

  it("is not ready before its first page, nor a minute after its last one", async () => {
    const { follow, taken, clock } = follower((place, signal) => upTo(place, 1, signal));
    assert.match(follow.notReady()!, /not been read yet/);
    await follow.start();
    await until(() => taken.length === 1);
    await until(() => follow.notReady() === null);
    await clock.advance(60_001);
    assert.match(follow.notReady()!, /for a minute/);
    await follow.stop();
  });
});

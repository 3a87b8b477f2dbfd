import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { BatchId, DaEvent, DaReader, WatchOptions } from "../../da/index.ts";
import { createMemoryLogger, ManualClock } from "../../service/index.ts";
import type { BatchRecord } from "../../signer/BatchRecord.ts";
import { MissedBatches } from "../../signer/MissedBatches.ts";
import { startSigner, until } from "./support/startSigner.ts";
import { TestInbox } from "./support/TestInbox.ts";
import { testChain, testDeployment } from "./support/testRollup.ts";

const { genesis, validators } = testDeployment(1);
const privateKey = validators[0]!.privateKey;

/** A node that keeps quiet about sealed batches while it is told to. */
function quietReader(inbox: TestInbox): { readonly da: DaReader; isQuiet: boolean } {
  const reader = inbox.reader();
  const node = { isQuiet: true };
  async function* watch(options: WatchOptions) {
    for await (const page of reader.watch(options)) {
      const { isQuiet } = node;
      yield { ...page, events: page.events.filter(({ kind }) => !(isQuiet && kind === "BatchSealed")) };
    }
  }
  return Object.assign(node, { da: { ...reader, watch } });
}

describe("batches that the DA node hid and nobody speaks of", () => {
  it("are found once another batch waits for them", async () => {
    const inbox = new TestInbox(genesis);
    const node = quietReader(inbox);
    const [first, second, third] = testChain(genesis, 3);
    const { get } = await startSigner({ genesis, da: node.da, privateKey });
    const published = (id: string) =>
      until(
        async () => (await get(`/v1/batches/${id}`).catch(() => ({ step: "" }))).step,
        (step) => step === "published",
      );
    inbox.post(first!);
    inbox.post(second!);
    await until(
      async () => (await get("/v1/status")).daSeenMs,
      (seen) => seen !== null,
    );
    node.isQuiet = false;
    inbox.post(third!);
    for (const { id } of [first!, second!, third!]) await published(id);
  });

  it("are searched for backwards, each block once, and no more often than once a minute", async () => {
    const clock = new ManualClock();
    const asked: number[] = [];
    let cursor = 5_000;
    const page = (from: number) => ({ from, next: Math.min(from + 1_500, cursor), events: [] as DaEvent[] });
    const missed = new MissedBatches(
      { rollup: "0x00" },
      {
        da: {
          events: async (from) => {
            asked.push(from);
            return page(from);
          },
        },
        store: {
          cursor: async () => cursor,
          batch: async () => undefined,
          noticeAside: async () => true,
          hasWaiting: async () => true,
        },
        pending: () => 0,
        read: async () => undefined,
        onBatch: () => {},
        clock,
        log: createMemoryLogger(),
      },
    );
    await missed.start();
    await clock.advance(59_000);
    assert.deepEqual(asked, [3_000, 4_500, 1_000, 2_500, 0]);
    cursor = 5_100;
    await clock.advance(60_000);
    assert.deepEqual(asked.slice(5), [5_000]);
    await missed.stop();
  });

  it("are found also where another node had made us refuse them, and not where their bytes did", async () => {
    const clock = new ManualClock();
    const record = (id: BatchId, step: BatchRecord["step"]) =>
      ({ id, step, header: { number: 1n }, refusal: { code: "SIGNER_POSTER", reason: "" } }) as BatchRecord;
    const refused = new Map([record("0xa", "noticed"), record("0xb", "fetched")].map((one) => [one.id, one]));
    const events = [...refused.keys()].map((batch) => ({ kind: "BatchSealed", batch }) as DaEvent);
    const taken: BatchId[] = [];
    const missed = new MissedBatches(
      { rollup: "0x00" },
      {
        da: { events: async (from) => ({ from, next: 1_000, events }) },
        store: {
          cursor: async () => 1_000,
          batch: async (id) => refused.get(id),
          noticeAside: async () => true,
          hasWaiting: async () => true,
        },
        pending: () => 0,
        read: async (id) => refused.get(id),
        onBatch: ({ id }) => taken.push(id),
        clock,
        log: createMemoryLogger(),
      },
    );
    await missed.start();
    await clock.advance(2_000);
    assert.deepEqual(taken, ["0xa"]);
    await missed.stop();
  });

  it("are left alone while something is under way", async () => {
    const clock = new ManualClock();
    const unused = () => Promise.reject(new Error("asked"));
    const log = createMemoryLogger();
    const missed = new MissedBatches(
      { rollup: "0x00" },
      {
        da: { events: unused },
        store: { cursor: unused, batch: unused, noticeAside: unused, hasWaiting: unused },
        pending: () => 1,
        read: unused,
        onBatch: () => {},
        clock,
        log,
      },
    );
    await missed.start();
    await clock.advance(60_000);
    assert.deepEqual(log.lines, []);
    await missed.stop();
  });
});

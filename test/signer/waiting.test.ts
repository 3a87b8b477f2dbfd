import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openRecordStore } from "../../gossip/index.ts";
import { createMemoryLogger, createMetricRegister, systemClock } from "../../service/index.ts";
import { BatchPipeline } from "../../signer/BatchPipeline.ts";
import type { BatchRecord } from "../../signer/BatchRecord.ts";
import { createSignerMetrics } from "../../signer/SignerMetrics.ts";
import { SignerStore } from "../../signer/SignerStore.ts";
import { temporaryDirectory } from "../support/temporaryDirectory.ts";
import { recordAt } from "./support/recordAt.ts";
import { type TestBatch, testChain, testDeployment } from "./support/testRollup.ts";

const { genesis } = testDeployment(4);
const [first, second] = testChain(genesis, 2) as [TestBatch, TestBatch];

describe("a batch that waits for its source state", { timeout: 60_000 }, () => {
  it("is taken up at the next start when the process ended between that state and its call", async () => {
    const store = new SignerStore(await openRecordStore(temporaryDirectory()));
    await store.save({ ...recordAt("fetched", first), step: "executed" });
    await store.save(recordAt("fetched", second));
    await store.wait(recordAt("fetched", second));

    const taken = Promise.withResolvers<BatchRecord>();
    const pipeline = new BatchPipeline(
      {},
      {
        steps: {
          advance: async (record: BatchRecord) => {
            if (record.id === second.id) taken.resolve(record);
            return { ...record, step: "published" };
          },
        } as never,
        store,
        holdsState: (state) => state === first.header.target,
        clock: systemClock,
        random: () => 0,
        log: createMemoryLogger(),
        metrics: createSignerMetrics(createMetricRegister({ role: "signer" })),
      },
    );
    await pipeline.start();
    assert.deepEqual(await taken.promise, recordAt("fetched", second));
    await pipeline.stop();
    await store.close();
  });
});

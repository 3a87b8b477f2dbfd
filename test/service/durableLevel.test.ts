import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { Level } from "level";
import { DurableLevel } from "../../service/index.ts";

const value = (byte: number) => Uint8Array.of(byte);
const put = (key: string, byte: number) => ({ type: "put", key, value: value(byte) }) as const;
async function first(values: AsyncIterable<unknown>): Promise<unknown> {
  for await (const found of values) return found;
  return undefined;
}

/** Refused by the database, as a disk would. */
const bad = { type: "put", key: "bad", value: null as unknown as Uint8Array } as const;

describe("a database behind a write that failed", () => {
  let directory: string;
  let level: DurableLevel;
  let free = 0;
  let failures = 0;
  const open = () =>
    DurableLevel.open(directory, { onFailure: () => failures++, freeBytes: async () => free });
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "zeko-level-"));
    [free, failures] = [0, 0];
    level = await open();
  });
  afterEach(async () => {
    await level.close();
    await rm(directory, { recursive: true });
  });

  it("is read only until there is room to open it anew, and says what failed", async () => {
    await level.write([put("a", 1)]);
    await assert.rejects(level.write([bad]), { code: "LEVEL_INVALID_VALUE" });
    await assert.rejects(level.write([put("b", 2)]), { code: "LEVEL_INVALID_VALUE" });
    assert.equal(failures, 2);
    assert.deepEqual([...(await level.get("a"))!], [1]);
    free = 1 << 30;
    await level.write([put("b", 2)]);
    assert.deepEqual([...(await level.get("b"))!], [2]);
    assert.equal(failures, 2);
  });

  it("writes nothing that was asked for beside the one that failed", async () => {
    const outcomes = await Promise.allSettled([
      level.write([put("a", 1)]),
      level.write([bad]),
      level.write([put("b", 2)]),
    ]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ["fulfilled", "rejected", "rejected"],
    );
    await level.close();
    level = await open();
    assert.deepEqual([...(await level.get("a"))!], [1]);
    assert.equal(await level.get("b"), undefined);
  });

  it("puts those that wait for a write on disk in their order", async () => {
    await Promise.all([1, 2, 3, 4].map((byte) => level.write([put("a", byte)])));
    await level.close();
    level = await open();
    assert.deepEqual([...(await level.get("a"))!], [4]);
  });

  it("answers who reads while it is opened anew", async () => {
    free = 1 << 30;
    await level.write([put("a", 1)]);
    await assert.rejects(level.write([bad]));
    const range = { gte: "a", lt: "b" };
    const written = level.write([put("b", 2)]);
    const reads = [level.get("a"), first(level.keys(range)), first(level.entries(range))];
    await written;
    assert.deepEqual(await Promise.all(reads), [Buffer.of(1), "a", ["a", Buffer.of(1)]]);
  });

  it("does not show what failed and was on disk whole", async (t) => {
    free = 1 << 30;
    await level.write([put("a", 1), put("b", 1)]);
    // What a disk does that takes all of it and then says that it cannot promise.
    const failed = [put("a", 2), put("c", 2), { type: "del", key: "b" } as const];
    t.mock.method(Level.prototype, "batch", () => Promise.reject(new Error("EIO")), { times: 1 });
    await assert.rejects(level.write(failed), /EIO/);
    const open = Level.prototype.open as () => Promise<void>;
    const opened = t.mock.method(Level.prototype, "open", async function (this: Level) {
      opened.mock.restore();
      const log = new Level<string, Uint8Array>(directory, { valueEncoding: "view" });
      await log.batch([...failed]);
      await log.close();
      await open.call(this);
    });
    await level.write([put("d", 3)]);
    assert.deepEqual([...(await level.get("a"))!], [1]);
    assert.deepEqual([...(await level.get("b"))!], [1]);
    assert.equal(await level.get("c"), undefined);
    assert.deepEqual([...(await level.get("d"))!], [3]);
  });

  it("is opened by who reads when it could not be opened before", async (t) => {
    free = 1 << 30;
    await level.write([put("a", 1)]);
    await assert.rejects(level.write([bad]));
    t.mock.method(Level.prototype, "open", () => Promise.reject(new Error("EDQUOT")), { times: 2 });
    await assert.rejects(level.write([put("b", 2)]), /EDQUOT/);
    await assert.rejects(level.get("a"), /EDQUOT/);
    assert.deepEqual([...(await level.get("a"))!], [1]);
  });

  it("stays closed", async () => {
    free = 1 << 30;
    await assert.rejects(level.write([bad]));
    await level.close();
    await assert.rejects(level.write([put("a", 1)]));
    await assert.rejects(level.get("a"), { code: "LEVEL_DATABASE_NOT_OPEN" });
  });
});

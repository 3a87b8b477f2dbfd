import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { DurableLevel } from "../../service/index.ts";

const value = (byte: number) => Uint8Array.of(byte);
const put = (key: string, byte: number) => ({ type: "put", key, value: value(byte) }) as const;
/** Refused by the database, as a disk would. */
const bad = { type: "put", key: null as unknown as string, value: value(0) } as const;

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
    await assert.rejects(level.write([bad]), { code: "LEVEL_INVALID_KEY" });
    await assert.rejects(level.write([put("b", 2)]), { code: "LEVEL_INVALID_KEY" });
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

  it("answers who reads while it is opened anew", async () => {
    free = 1 << 30;
    await level.write([put("a", 1)]);
    await assert.rejects(level.write([bad]));
    const [, ...read] = await Promise.all([level.write([put("b", 2)]), level.get("a"), level.get("a")]);
    assert.deepEqual(
      read.map((bytes) => [...bytes!]),
      [[1], [1]],
    );
  });

  it("stays closed", async () => {
    free = 1 << 30;
    await assert.rejects(level.write([bad]));
    await level.close();
    await assert.rejects(level.write([put("a", 1)]));
    await assert.rejects(level.get("a"), { code: "LEVEL_DATABASE_NOT_OPEN" });
  });
});

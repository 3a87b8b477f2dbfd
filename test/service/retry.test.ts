import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { backoffMs, ManualClock, RemoteError, retry } from "../../service/index.ts";
import { hasCode } from "../support/hasCode.ts";

const passing = () => new RemoteError("REMOTE_TIMEOUT", { url: "u", timeoutMs: 1 });
const final = () => new RemoteError("REMOTE_NOT_JSON", { url: "u" });
const options = { attempts: 4, baseMs: 100, maxMs: 250 };

function failing(times: number, error: () => Error) {
  const calls: number[] = [];
  const task = async (attempt: number) => {
    calls.push(attempt);
    if (attempt <= times) throw error();
    return "done";
  };
  return { calls, task };
}

describe("retry", () => {
  const modules = () => ({ clock: new ManualClock(), random: () => 1 });

  it("tries again after growing pauses until it succeeds", async () => {
    const { clock, random } = modules();
    const { calls, task } = failing(3, passing);
    const pauses: number[] = [];
    const result = retry(task, { ...options, onRetry: (_, __, ms) => pauses.push(ms) }, { clock, random });
    await clock.advance(1_000);
    assert.equal(await result, "done");
    assert.deepEqual(calls, [1, 2, 3, 4]);
    assert.deepEqual(pauses, [100, 200, 250]);
  });

  it("throws the last error once the attempts are used up", async () => {
    const { clock, random } = modules();
    const { calls, task } = failing(9, passing);
    const result = assert.rejects(retry(task, options, { clock, random }), hasCode("REMOTE_TIMEOUT"));
    await clock.advance(10_000);
    await result;
    assert.equal(calls.length, 4);
  });

  for (const [name, error] of [
    ["a final error", final],
    ["an error that is not ours", () => new TypeError("x")],
  ] as const)
    it(`does not repeat ${name}`, async () => {
      const { calls, task } = failing(9, error);
      await assert.rejects(retry(task, options, modules()));
      assert.equal(calls.length, 1);
    });

  it("gives up in the middle of a pause when aborted", async () => {
    const stop = new AbortController();
    const { calls, task } = failing(9, passing);
    const result = retry(task, { ...options, signal: stop.signal, onRetry: () => stop.abort() }, modules());
    await assert.rejects(result, hasCode("REMOTE_TIMEOUT"));
    assert.equal(calls.length, 1);
  });

  it("spreads pauses between half and all of their length", () => {
    assert.equal(backoffMs(1, options, 0), 50);
    assert.equal(backoffMs(1, options, 0.999), 100);
    assert.equal(backoffMs(1_000, options, 1), 250);
  });
});

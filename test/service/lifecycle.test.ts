import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, it } from "node:test";
import { GenesisError } from "../../protocol/index.ts";
import {
  ConfigError,
  createMemoryLogger,
  DataDirectoryError,
  exitCodeOf,
  exitCodes,
  KeyError,
  type Service,
  ServiceGroup,
} from "../../service/index.ts";
import { hasCode } from "../support/hasCode.ts";

function group(...names: string[]) {
  const events: string[] = [];
  const services = new ServiceGroup({ log: createMemoryLogger() });
  for (const name of names) {
    const service: Service = {
      async start() {
        events.push(`+${name}`);
        if (name.includes("broken start")) throw new RangeError(name);
      },
      async stop() {
        events.push(`-${name}`);
        if (name.includes("broken stop")) throw new RangeError(name);
      },
    };
    services.add(name, service);
  }
  return { services, events };
}

describe("ServiceGroup", () => {
  it("starts in order and stops in reverse, once", async () => {
    const { services, events } = group("store", "server", "loop");
    await services.start();
    await services.stop();
    await services.stop();
    assert.deepEqual(events, ["+store", "+server", "+loop", "-loop", "-server", "-store"]);
  });

  it("stops what was started when a later start fails, and throws that error", async () => {
    const { services, events } = group("store", "broken start", "loop");
    await assert.rejects(services.start(), RangeError);
    assert.deepEqual(events, ["+store", "+broken start", "-store"]);
  });

  it("closes what was opened with the group, behind all that was added later", async () => {
    const { services, events } = group();
    const parts = await services.open(async (opened) => {
      opened("disk", async () => void events.push("disk"));
      opened("store", async () => void events.push("store"));
      return 7;
    });
    services.add("loop", { start: async () => {}, stop: async () => void events.push("loop") });
    assert.equal(parts, 7);
    await services.start();
    await services.stop();
    assert.deepEqual(events, ["loop", "store", "disk"]);
  });

  it("closes what was opened at once when a later part fails, each, and throws that error", async () => {
    const { services, events } = group();
    const opening = services.open(async (opened) => {
      opened("disk", async () => void events.push("disk"));
      opened("store", () => Promise.reject(new TypeError("does not close")));
      throw new RangeError("no peer key");
    });
    await assert.rejects(opening, RangeError);
    assert.deepEqual(events, ["disk"]);
  });

  it("stops the rest when one does not stop, then says so", async () => {
    const { services, events } = group("store", "broken stop", "loop");
    await services.start();
    await assert.rejects(services.stop(), hasCode("PROCESS_STOP_FAILED"));
    assert.deepEqual(events.slice(3), ["-loop", "-broken stop", "-store"]);
  });

  it("closes what was open before it", async () => {
    const { services } = group();
    let closed = 0;
    services.addCloser("store", async () => void closed++);
    await services.start();
    await services.stop();
    assert.equal(closed, 1);
  });
});

describe("exit codes", () => {
  const cases = [
    [new ConfigError("CONFIG_UNKNOWN_FLAG", { flag: "--x" }), exitCodes.usage],
    [new GenesisError("GENESIS_MALFORMED", { path: "it", expected: "x" }), exitCodes.usage],
    [new DataDirectoryError("DATA_DIRECTORY_LOCKED", { path: "p", pid: 1 }), exitCodes.locked],
    [
      new DataDirectoryError("DATA_DIRECTORY_SCHEMA", { path: "p", found: 2, wanted: 1 }),
      exitCodes.dataDirectory,
    ],
    [new DataDirectoryError("DATA_DIRECTORY_FULL", { path: "p" }), exitCodes.failed], // heals, so it is started again
    [new KeyError("KEY_PASSWORD_WRONG", { file: "f" }), exitCodes.key],
    [new RangeError("x"), exitCodes.failed],
  ] as const;
  for (const [error, code] of cases)
    it(`are ${code} for ${"code" in error ? error.code : error.name}`, () =>
      assert.equal(exitCodeOf(error), code));
});

/** Starts the fixture and sends each signal once its message has come. */
async function life(behaviour: string, ...signals: (NodeJS.Signals | "wait")[]) {
  const child = fork(join(import.meta.dirname, "fixtures/role.ts"), [behaviour], { silent: true });
  let output = "";
  child.stdout!.setEncoding("utf8").on("data", (text) => {
    output += text;
  });
  const exited = once(child, "close"); // and all of its output is here
  if (signals.length > 0) await once(child, "message");
  for (const signal of signals) {
    if (signal === "wait") while (!output.includes('"stopping"')) await once(child.stdout!, "data");
    else child.kill(signal);
  }
  const [code] = await exited;
  const lines = output
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { message: string; code?: string });
  return { code, lines, messages: lines.map(({ message }) => message) };
}

describe("runUntilSignal", () => {
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    it(`drains on ${signal} and ends with 0`, async () => {
      const { code, messages } = await life("behaves", signal);
      assert.equal(code, exitCodes.ok);
      assert.deepEqual(messages, ["running", "stopping", "drained", "ended"]);
    });

  it("ends with its own code when the drain takes too long", async () => {
    const { code, lines } = await life("never stops", "SIGTERM");
    assert.equal(code, exitCodes.drainTimeout);
    assert.ok(lines.some((line) => line.code === "PROCESS_STOP_TIMEOUT"));
  });

  it("takes a signal that comes twice for one, as a shell and npm send it", async () => {
    const { code, messages } = await life("stops when told twice", "SIGINT", "wait", "SIGINT");
    assert.equal(code, exitCodes.ok);
    assert.deepEqual(messages, ["running", "stopping", "drained", "ended"]);
  });

  it("ends at once on a later signal", async () => {
    const { code, messages } = await life("hangs", "SIGTERM", "wait", "SIGINT");
    assert.equal(code, exitCodes.drainTimeout);
    assert.ok(!messages.includes("ended"));
  });

  it("waits for a start in hand before it stops", async () => {
    const { code, messages } = await life("starts slowly", "SIGTERM");
    assert.equal(code, exitCodes.ok);
    assert.deepEqual(messages, ["stopping", "drained", "ended"]);
  });

  it("ends with 1 and the code in the log when it cannot start", async () => {
    const { code, lines } = await life("fails to start");
    assert.equal(code, exitCodes.failed);
    assert.ok(lines.some((line) => line.code === "HTTP_LISTEN_FAILED"));
  });

  it("drains and ends with 1 at an error that nobody handled", async () => {
    const { code, lines, messages } = await life("crashes");
    assert.equal(code, exitCodes.failed);
    assert.ok(lines.some((line) => line.code === "PROCESS_CRASHED"));
    assert.ok(messages.includes("drained"));
  });
});

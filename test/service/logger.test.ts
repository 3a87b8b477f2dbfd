import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createLogger, createMemoryLogger, faultOf, RemoteError, Secret } from "../../service/index.ts";

function capture(format: "json" | "text" = "json", level: "info" | "debug" = "info") {
  const lines: string[] = [];
  const log = createLogger({ role: "signer", level, format }, { write: (line) => void lines.push(line) });
  return { log, lines };
}

describe("logger", () => {
  it("writes one JSON object a line: level, role, constant message, fields", () => {
    const { log, lines } = capture();
    log.child({ batch: 7n }).info("attested", { bytes: 91_344 });
    const { time, ...line } = JSON.parse(lines[0]!);
    assert.deepEqual(line, { level: "info", role: "signer", message: "attested", batch: "7", bytes: 91_344 });
    assert.ok(!Number.isNaN(Date.parse(time)));
  });

  it("leaves out what is below its level", () => {
    const { log, lines } = capture();
    log.debug("detail");
    assert.deepEqual(lines, []);
  });

  it("never prints secrets, nor fields named like one, at any depth", () => {
    const { log, lines } = capture("json", "debug");
    log.error("all of it", {
      key: new Secret("hunter2"),
      password: "hunter2",
      nested: { privateKey: "hunter2", list: [{ token: new Secret("hunter2") }] },
    });
    log.child({ passphrase: "hunter2" }).info("child");
    assert.equal(lines.length, 2);
    assert.ok(!lines.join("").includes("hunter2"));
  });

  it("keeps byte arrays and endless text out", () => {
    const { log, lines } = capture();
    log.info("big", { bytes: new Uint8Array(5), text: "x".repeat(10_000) });
    const { bytes, text } = JSON.parse(lines[0]!);
    assert.equal(bytes, "[5 bytes]");
    assert.equal(text.length, 2_001);
  });

  it("names an error by code, with its data, and the cause by name alone", () => {
    const cause = new TypeError("raw text from the network");
    const error = new RemoteError(
      "REMOTE_UNREACHABLE",
      { url: "http://a/", reason: "ECONNREFUSED" },
      { cause },
    );
    const memory = createMemoryLogger();
    memory.warn("not fetched", { batch: 4n, ...faultOf(error) });
    assert.deepEqual(memory.lines[0]!.fields, {
      batch: "4",
      code: "REMOTE_UNREACHABLE",
      reason: "No connection to http://a/ (ECONNREFUSED).",
      remedy: "retry",
      data: { url: "http://a/", reason: "ECONNREFUSED" },
      cause: "TypeError",
    });
  });

  it("gives an error that is not ours the code INTERNAL and its stack", () => {
    const fields = faultOf(new RangeError("oops"));
    assert.equal(fields.code, "INTERNAL");
    assert.match(String(fields.stack), /RangeError: oops/);
  });

  it("writes text for people on one line, terminal codes and line breaks quoted", () => {
    const { log, lines } = capture("text");
    log.info("heard", { peer: "evil\n\u001b[2Jinfo", url: "http://127.0.0.1:1/", n: 5 });
    assert.match(
      lines[0]!,
      /^\d\d:\d\d:\d\d info {2}signer heard peer="evil\\n\\u001b\[2Jinfo" url=http:\/\/127.0.0.1:1\/ n=5\n$/,
    );
  });
});

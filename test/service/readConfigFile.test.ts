import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { readConfigFile } from "../../service/index.ts";
import { hasCode } from "../support/hasCode.ts";
import { temporaryDirectory } from "../support/temporaryDirectory.ts";

describe("readConfigFile", () => {
  const directory = temporaryDirectory();
  const write = (text: string, mode = 0o600) => {
    const file = join(directory, "config.json");
    writeFileSync(file, text);
    chmodSync(file, mode);
    return file;
  };

  it("reads an object", async () => {
    assert.deepEqual((await readConfigFile(write('{"a":1}'), [])).values, { a: 1 });
  });

  for (const text of ["", "[]", "null", '"a"', "{", '{"a":1}}'])
    it(`refuses ${JSON.stringify(text)}`, () =>
      assert.rejects(readConfigFile(write(text), []), hasCode("CONFIG_FILE_NOT_JSON")));

  it("does not quote the file in its error", async () => {
    const error = await readConfigFile(write('{"token": hunter2}'), []).catch((e: Error) => e);
    assert.ok(!`${(error as Error).stack}${(error as Error).cause}`.includes("hunter2"));
  });

  it("refuses a file that is not there", () =>
    assert.rejects(readConfigFile(join(directory, "none"), []), hasCode("CONFIG_FILE_UNREADABLE")));

  it("refuses an endless file", () =>
    assert.rejects(
      readConfigFile(write(`{"a":"${"x".repeat(1 << 20)}"}`), []),
      hasCode("CONFIG_FILE_UNREADABLE"),
    ));

  it("refuses a secret in a file that others may read, and takes the same file closed", async () => {
    await assert.rejects(
      readConfigFile(write('{"token":"x"}', 0o640), ["token"]),
      hasCode("CONFIG_FILE_OPEN"),
    );
    await readConfigFile(write('{"token":"x"}'), ["token"]);
    await readConfigFile(write('{"other":"x"}', 0o644), ["token"]);
  });
});

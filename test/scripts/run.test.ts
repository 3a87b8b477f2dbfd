import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, it } from "node:test";

const root = join(import.meta.dirname, "../..");
const packageJson = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const { tasks } = await import("../../scripts/run/tasks.mjs");
const { testFiles } = await import("../../scripts/run/testFiles.mjs");

async function run(...args: string[]) {
  const child = spawn(process.execPath, ["scripts/run.mjs", ...args], { cwd: root });
  const [err, [code]] = await Promise.all([text(child.stderr), once(child, "exit"), text(child.stdout)]);
  return { err, code };
}

describe("npm run", () => {
  it("has a script for each task, and each goes through the one door", () => {
    const scripts = Object.fromEntries(
      Object.keys(tasks).map((name) => [name, `node scripts/run.mjs ${name}`]),
    );
    assert.deepEqual(packageJson.scripts, scripts);
  });

  it("runs every test file by default but those that have a task of their own", () => {
    const files: string[] = testFiles();
    assert.ok(files.includes("test/scripts/run.test.ts"));
    const apart = (file: string) => /^test\/(proofs|zekod|bench)\//.test(file);
    assert.deepEqual(files.filter(apart), []);
    const all: string[] = testFiles(["test"]);
    assert.deepEqual(
      all.filter((file) => !apart(file)),
      files,
    );
  });

  it("takes folders whole, not by the beginning of their names", () => {
    assert.throws(() => testFiles(["test/script"]), /no tests in test\/script/);
  });

  it("refuses to run no tests, which the runner would take for all", async () => {
    const { code, err } = await run("test", "test/nothing");
    assert.equal(code, 1);
    assert.match(err, /no tests in test\/nothing/);
  });

  it("refuses a task that there is not", async () => {
    const { code, err } = await run("tset");
    assert.equal(code, 2);
    assert.match(err, /no task "tset"/);
  });

  it("ends with the exit code of what it ran", async () => {
    assert.equal((await run("zeko", "singer")).code, 2);
    assert.equal((await run("zeko", "help")).code, 0);
  });
});

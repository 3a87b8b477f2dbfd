import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { type ProgramResult, runProgram } from "../../scripts/chain/runProgram.ts";
import { zekodBinary } from "./support/zekodNetwork.ts";

/** The flags of the build, so that its compiled packages are used again. */
const FLAGS = ["-tags", "netgo", "-trimpath"];

const go = (...args: string[]): Promise<ProgramResult> =>
  runProgram("go", args, { cwd: "chain", environment: { GOTOOLCHAIN: "local" } });

describe("sources of our own chain", () => {
  it("are formatted as gofmt does", async () => {
    const { out, err } = await runProgram("gofmt", ["-l", "."], { cwd: "chain" });
    assert.equal(out + err, "");
  });

  it("give vet nothing to say", async () => {
    const { code, err } = await go("vet", ...FLAGS, "./...");
    assert.equal(code, 0, err);
  });

  it("pass their own tests: agreement, export, snapshots, slashing, votes", async () => {
    const { code, out, err } = await go("test", ...FLAGS, "-vet=off", "-count=1", "./...");
    assert.equal(code, 0, out + err);
  });

  it("make a binary that does not know where the repository was", async () => {
    const binary = await readFile(await zekodBinary());
    assert.equal(binary.includes(`${process.cwd()}/`), false);
  });
});

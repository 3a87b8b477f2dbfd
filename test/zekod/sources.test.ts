import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { chainBuildFlags, go } from "../../scripts/chain/buildChain.ts";
import { runProgram } from "../../scripts/chain/runProgram.ts";
import { zekodBinary } from "./support/zekodNetwork.ts";

describe("sources of our own chain", () => {
  it("are formatted as gofmt does", async () => {
    const { out, err } = await runProgram("gofmt", ["-l", "."], { cwd: "chain" });
    assert.equal(out + err, "");
  });

  it("give vet nothing to say", async () => {
    const { code, err } = await go(["vet", ...chainBuildFlags, "./..."]);
    assert.equal(code, 0, err);
  });

  it("pass their own tests: agreement, export, snapshots, slashing, votes", async () => {
    const { code, out, err } = await go(["test", ...chainBuildFlags, "-vet=off", "-count=1", "./..."]);
    assert.equal(code, 0, out + err);
  });

  it("make a binary that knows neither where they were nor where the compiler keeps things", async () => {
    const binary = await readFile(await zekodBinary());
    const { out } = await go(["env", "GOMODCACHE", "GOCACHE"]);
    for (const place of [process.cwd(), ...out.trim().split("\n")])
      assert.equal(binary.includes(`${place}/`), false, place);
  });
});

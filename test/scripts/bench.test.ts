import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { Baseline } from "../../scripts/bench/Baseline.ts";
import { runBench } from "../../scripts/bench/runBench.ts";
import { selects } from "../../scripts/bench/selects.ts";

const fixture = join(import.meta.dirname, "support/benchChild.ts");

describe("bench", () => {
  it("selects by prefix, and the bench whose figures a longer prefix names", () => {
    assert.ok(selects("", "gas.signature"));
    assert.ok(selects("gas", "gas.signature"));
    assert.ok(selects("prove.quorum.verify16", "prove.quorum"));
    assert.ok(!selects("prove.quorum", "prove.ledger"));
    assert.ok(!selects("prove.quorums", "prove.quorum"));
  });

  it("reads figures from a process and passes over what else it prints", async () => {
    const figures: unknown[] = [];
    for await (const figure of runBench(fixture, "file", "good")) figures.push(figure);
    assert.deepEqual(figures, [{ name: "good.a", value: 1.5, unit: "s" }]);
  });

  it("reports a process that fails, after its figures", async () => {
    const seen: string[] = [];
    await assert.rejects(async () => {
      for await (const { name } of runBench(fixture, "file", "bad")) seen.push(name);
    }, /bad: exit code 3/);
    assert.deepEqual(seen, ["bad.a"]);
  });

  it("says what moved by more than a tenth, and what is new", () => {
    const baseline = new Baseline([{ name: "a", value: 10, unit: "s" }]);
    assert.equal(baseline.moved({ name: "a", value: 10.9, unit: "s" }), null);
    assert.equal(baseline.moved({ name: "a", value: 12, unit: "s" }), "a: 10 → 12 s (+20 %)");
    assert.equal(baseline.moved({ name: "a", value: 5, unit: "s" }), "a: 10 → 5 s (-50 %)");
    assert.equal(baseline.moved({ name: "b", value: 5, unit: "s" }), "b: 5 s (no baseline)");
    assert.deepEqual(
      baseline.with([{ name: "A", value: 1, unit: "s" }]).map(({ name }) => name),
      ["A", "a"],
    );
  });
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { type ExplainedFinding, findingsOf, unexplained } from "../../scripts/contracts/analyse/findings.ts";

const contract = { name: "BatchInbox" };
const element = {
  name: "dropBatch",
  type_specific_fields: { signature: "dropBatch(BatchId)", parent: contract },
};
const reportOf = (...checks: string[]) => ({
  success: true,
  error: null,
  results: { detectors: checks.map((check) => ({ check, elements: [element] })) },
});
const where = "BatchInbox.dropBatch(BatchId)";

describe("findings of the analyser", () => {
  it("are counted by kind and place, without line numbers", () => {
    assert.deepEqual(findingsOf(reportOf("timestamp", "assembly", "timestamp")), [
      { check: "assembly", where, count: 1 },
      { check: "timestamp", where, count: 2 },
    ]);
  });

  it("pass when each is explained", () => {
    const found = findingsOf(reportOf("timestamp"));
    const explained = found.map((finding) => ({ ...finding, why: "a day of waiting" }));
    assert.deepEqual(unexplained(found, explained), { fresh: [], stale: [] });
  });

  it("fail when there is a new one, also in a place that has an explained one", () => {
    const found = findingsOf(reportOf("timestamp", "timestamp"));
    const explained = [{ check: "timestamp", where, count: 1, why: "a day of waiting" }];
    assert.deepEqual(unexplained(found, explained), { fresh: found, stale: explained });
  });

  it("fail when an explanation outlives its finding", () => {
    const explained = [{ check: "timestamp", where, count: 1, why: "a day of waiting" }];
    assert.deepEqual(unexplained([], explained).stale, explained);
  });

  it("are no findings when the analyser failed", () => {
    const failed = { ...reportOf(), success: false, error: "no compiler" };
    assert.throws(() => findingsOf(failed), /no compiler/);
  });

  it("that stay all say why", () => {
    const file = new URL("../../contracts/findings.json", import.meta.url);
    const explained = JSON.parse(readFileSync(file, "utf8")) as ExplainedFinding[];
    assert.ok(explained.length > 0);
    for (const { check, where: place, why } of explained) assert.ok(why.length > 15, `${check} in ${place}`);
  });
});

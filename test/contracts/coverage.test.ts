import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { addStatementCoverageInstrumentation, latestSupportedSolidityVersion } from "@nomicfoundation/edr";
import { coverageOf } from "../../scripts/contracts/coverage/coverageReport.ts";
import { type MarkedSource, markBranches } from "../../scripts/contracts/coverage/markBranches.ts";

const SOURCE = `contract Sample {
    function choose(uint256 x) external pure returns (uint256) {
        if (x == 0) revert();
        if (x == 1) { // a comment with an umlaut: ä
            x = 2;
        } else if (x == 2) x = 3;
        else x = 4;
        if (x > 5) if (x > 6) x = 7;
        return x;
    }
}
`;

/** Tags of the statements that begin with one of these texts. */
function tagsOf({ source }: MarkedSource, ...texts: readonly string[]): Set<string> {
  const { metadata } = addStatementCoverageInstrumentation(
    source,
    "project/Sample.sol",
    latestSupportedSolidityVersion(),
  );
  const chosen = metadata.filter(({ startUtf16, endUtf16 }) => {
    const text = source.slice(Number(startUtf16), Number(endUtf16)).replace(/^(\s|\/\/[^\n]*\n)*/, "");
    return texts.some((wanted) => text.startsWith(wanted));
  });
  return new Set(chosen.map(({ tag }) => Buffer.from(tag).toString("hex")));
}

describe("coverage of branches", () => {
  const marked = markBranches("Sample.sol", SOURCE);

  it("leaves every line where it is, and gives each if two bodies", () => {
    const lines = marked.source.split("\n");
    assert.equal(lines.length, SOURCE.split("\n").length);
    assert.equal(lines[2], "        if (x == 0) { revert(); } else { 0; }");
    assert.equal(lines[7], "        if (x > 5) { if (x > 6) { x = 7; } else { 0; } } else { 0; }");
    assert.equal(marked.branches.length, 10);
    for (const { offset } of marked.branches) assert.equal(marked.source[offset], "{");
  });

  it("can be marked again to no effect on what it means", () => {
    const again = markBranches("Sample.sol", marked.source);
    assert.equal(again.branches.length, 10);
  });

  it("misses everything where nothing was executed", () => {
    const none = coverageOf("Sample.sol", "project/Sample.sol", marked, new Set());
    assert.deepEqual([none.lines, none.executedLines, none.branches, none.takenBranches], [7, 0, 10, 0]);
  });

  it("takes a branch whose body was executed, and names what was not", () => {
    const executed = tagsOf(marked, "if (x == 0)", "{ 0; }", "0;", "return");
    const found = coverageOf("Sample.sol", "project/Sample.sol", marked, executed);
    assert.ok(found.missing.includes("3 not taken"), String(found.missing));
    assert.ok(!found.missing.includes("3 always taken"), String(found.missing));
    assert.ok(found.missing.includes("4 always taken") && found.missing.includes("4 not taken"));
    assert.equal(found.executedLines, 2);
  });

  it("refuses what is no Solidity", () => {
    assert.throws(() => markBranches("Broken.sol", "contract {"), /Broken\.sol/);
  });
});

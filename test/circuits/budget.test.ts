import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { Field, VerificationKey } from "o1js";
import { type CircuitShape, circuitShapes, programNames, readKey } from "../../circuits/index.ts";

const pinned: Record<string, CircuitShape> = JSON.parse(
  readFileSync(new URL("../snapshots/circuits.json", import.meta.url), "utf8"),
);

/**
 * Rows that a branch may have of its own: a power of two, less what Pickles adds. Measured: 445 rows for no proof, 23 835
 * to merge two of the program's own, 26 289 to verify two of other programs by their keys.
 */
const budgets: Record<string, number> = {
  "ledger.signed": 2 ** 16 - 500,
  "ledger.fees": 2 ** 16 - 500,
  "ledger.merge": 2 ** 15 - 23_900,
  "index.accounts": 2 ** 15 - 500,
  "index.merge": 2 ** 15 - 23_900,
  "wrapper.join": 2 ** 15 - 26_400,
  "quorum.verify16": 2 ** 13 - 500,
  "quorum.verify64": 2 ** 15 - 500,
  "outer.commit": 2 ** 15 - 26_400,
  "outer.rotateValidators": 2 ** 15 - 26_400,
  "gas.lock": 2 ** 12 - 500,
};

describe("circuits", async () => {
  const shapes = await circuitShapes();

  it("are those that are pinned: after a change that is meant, run `npm run snapshots` and argue the diff", () => {
    assert.deepEqual(shapes, pinned);
  });
  it("are all listed with a budget", () => {
    assert.deepEqual(Object.keys(shapes).sort(), Object.keys(budgets).sort());
  });
  for (const [branch, budget] of Object.entries(budgets)) {
    it(`leave room for what wraps ${branch}`, () => {
      const { rows } = shapes[branch]!;
      assert.ok(rows <= budget, `${rows} rows, ${budget} allowed`);
    });
  }
});

describe("pinned verification keys", () => {
  for (const program of programNames) {
    it(`hash to what is pinned beside them: ${program}`, async () => {
      const { data, hash } = readKey(program);
      assert.equal(await VerificationKey.checkValidity({ data, hash: Field(hash) }), true);
    });
  }
});

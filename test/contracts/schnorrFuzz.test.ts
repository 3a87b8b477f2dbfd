import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { type Comparison, compareSchnorr } from "../../scripts/contracts/fuzz/compareSchnorr.ts";

/** The long run of the same cases and more: scripts/contracts/fuzzSchnorr.ts. */
const CASES = 320;

describe("MinaSchnorr beside mina-signer and o1js", () => {
  let found: Comparison;
  before(async () => {
    found = await compareSchnorr("zeko", CASES);
  });

  it("accepts and refuses what they do, and nothing that has a second encoding", () => {
    assert.deepEqual(found.disagreements, []);
    assert.equal(found.cases, CASES);
  });

  it("accepts every sound signature, also of keys and nonces at the edge", () => {
    for (const kind of ["sound", "edge key and nonce"]) {
      const { cases, accepted } = found.kinds[kind]!;
      assert.ok(cases > 0 && accepted === cases, `${kind}: ${accepted} of ${cases}`);
    }
  });

  it("is asked for every reason to refuse", () => {
    assert.deepEqual(Object.keys(found.errors).sort(), [
      "MinaSchnorrKeyIsZero",
      "MinaSchnorrKeyNotCanonical",
      "MinaSchnorrKeyNotOnCurve",
      "MinaSchnorrMessageNotCanonical",
      "MinaSchnorrNonceAtInfinity",
      "MinaSchnorrNonceIsOdd",
      "MinaSchnorrNonceNotCanonical",
      "MinaSchnorrScalarNotCanonical",
      "MinaSchnorrWrongSignature",
    ]);
  });
});

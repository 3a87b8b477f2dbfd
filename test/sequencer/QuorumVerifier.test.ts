import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { QuorumVerifier } from "../../sequencer/proving/QuorumVerifier.ts";

// Good proofs are checked where there are any: test/proofs.
describe("the check of a quorum proof", () => {
  const verifier = new QuorumVerifier();
  after(() => verifier.stop());
  const claim = {
    publicInput: ["5"],
    publicOutput: ["6", "0"],
    maxProofsVerified: 0,
    proof: "KG5vdCBhIHByb29mKQ==",
  };
  const refused: readonly [name: string, proof: unknown, message: bigint][] = [
    ["nothing", undefined, 5n],
    ["text", "proof", 5n],
    ["a proof without its bytes", { ...claim, proof: undefined }, 5n],
    ["one over another message", claim, 7n],
    ["one by another set", { ...claim, publicOutput: ["7", "0"] }, 5n],
    ["bytes that are no proof", claim, 5n],
  ];
  for (const [name, proof, message] of refused)
    it(`refuses ${name}`, async () => assert.equal(await verifier.check(proof, message, 6n), false));

  it("stops twice without harm", async () => {
    await verifier.stop();
    await verifier.stop();
  });
});

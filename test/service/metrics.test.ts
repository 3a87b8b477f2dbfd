import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createMetricRegister } from "../../service/index.ts";

describe("metric register", () => {
  it("exposes what was counted, in the Prometheus text format", async () => {
    const register = createMetricRegister({ role: "signer" });
    register
      .counter({ name: "zeko_signer_votes_total", help: "Votes", labelNames: ["outcome"] })
      .inc({ outcome: "signed" });
    const { text, contentType } = await register.expose();
    assert.match(text, /zeko_signer_votes_total\{outcome="signed"\} 1/);
    assert.match(contentType, /text\/plain/);
  });

  it("keeps the registers of two roles apart", async () => {
    const [a, b] = [createMetricRegister({ role: "signer" }), createMetricRegister({ role: "signer" })];
    for (const register of [a, b]) register.gauge({ name: "zeko_signer_depth_blocks", help: "Depth" }).set(3);
    assert.match((await b!.expose()).text, /zeko_signer_depth_blocks 3/);
  });

  it("refuses a name without the role's prefix", () => {
    const register = createMetricRegister({ role: "signer" });
    assert.throws(() => register.counter({ name: "zeko_relay_votes_total", help: "Votes" }), TypeError);
  });

  it("lists every metric for the documentation", () => {
    const register = createMetricRegister({ role: "relay" });
    register.histogram({ name: "zeko_relay_proof_seconds", help: "Proof" });
    assert.deepEqual(register.list(), [
      { name: "zeko_relay_proof_seconds", help: "Proof", type: "histogram" },
    ]);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FeeFloat } from "../../sequencer/batches/FeeFloat.ts";
import { createMemoryLogger } from "../../service/index.ts";
import { hasCode } from "../support/hasCode.ts";
import { TestRollup } from "./support/TestRollup.ts";
import { batch, closeBatch, reached, until } from "./support/userCalls.ts";

const ROLLUP = `0x${"11".repeat(32)}` as const;

/** A float over a chain of bigints. */
function floatOver({ price = 1n, balance = 0n, purse = 1_000n, float = 100n } = {}) {
  const chain = { price, balance, purse };
  const outcomes: string[] = [];
  const fees = {
    terms: async () => ({ price: chain.price, lateWindowSeconds: 60 }),
    balanceOf: async () => chain.balance,
    prepay: async (_: string, amount: bigint) => {
      if (amount > chain.purse) throw new Error("the purse is empty");
      chain.purse -= amount;
      chain.balance += amount;
    },
  };
  const modules = {
    fees: async () => fees,
    log: createMemoryLogger(),
    onPrepay: (outcome: string) => void outcomes.push(outcome),
  };
  const made = new FeeFloat({ rollup: ROLLUP, float }, modules);
  const open = (length: bigint) =>
    made.cover(length, async () => {
      const fee = chain.price * length;
      assert.ok(fee <= chain.balance, "opened without cover");
      chain.balance -= fee;
    });
  return { chain, outcomes, float: made, open };
}

describe("the float", () => {
  it("fills a balance that is too low, up to the float", async () => {
    const { chain, outcomes, float, open } = floatOver({ balance: 5n });
    await open(6n);
    assert.deepEqual(chain, { price: 1n, balance: 94n, purse: 905n });
    assert.equal(float.balance, 94n);
    assert.deepEqual(outcomes, ["made"]);
  });

  it("leaves a balance alone that is enough", async () => {
    const { chain, outcomes, open } = floatOver({ balance: 6n });
    await open(6n);
    assert.deepEqual([chain.purse, outcomes], [1_000n, []]);
  });

  it("asks nothing where posting is free", async () => {
    const { chain, float, open } = floatOver({ price: 0n });
    await open(1_000_000n);
    assert.deepEqual([chain.purse, float.balance], [1_000n, undefined]);
  });

  it("refuses a batch that costs more than the float, and opens none without cover", async () => {
    const { chain, outcomes, open } = floatOver({ balance: 100n });
    await assert.rejects(open(101n), hasCode("SEQUENCER_FEE_ABOVE_FLOAT"));
    assert.deepEqual([chain.purse, chain.balance, outcomes], [1_000n, 100n, ["failed"]]);
    await open(100n);
  });

  it("prepays nothing at a float of zero", async () => {
    const { chain, open } = floatOver({ float: 0n });
    await assert.rejects(open(1n), hasCode("SEQUENCER_FEE_ABOVE_FLOAT"));
    chain.balance = 1n; // somebody else's
    await open(1n);
  });

  it("covers batches that are opened at once, one after the other", async () => {
    const { chain, outcomes, open } = floatOver();
    await Promise.all([open(60n), open(60n), open(60n)]);
    assert.equal(chain.balance, 40n);
    assert.deepEqual(outcomes, ["made", "made", "made"]);
  });

  it("goes on after a batch that could not be opened", async () => {
    const { outcomes, open, chain } = floatOver({ purse: 0n });
    await assert.rejects(open(1n), /purse/);
    chain.purse = 1_000n;
    await open(1n);
    assert.deepEqual(outcomes, ["failed", "made"]);
  });
});

describe("a sequencer that pays for posting", () => {
  it("prepays within its float, says what it has, and waits when its account is empty", async () => {
    const rollup = new TestRollup();
    rollup.da.price = 1_000n;
    rollup.da.purse = 99_999_999n;
    const { url } = await rollup.start({ "sequencer.da-fee-float": 100_000_000n });
    await closeBatch(url);
    const metrics = async () => (await fetch(`${url}/metrics`)).text();
    await until(metrics, (text) => /da_prepayments_total\{outcome="failed"\} [1-9]/.test(text));
    assert.equal((await batch(url, 1)).step, "encoded");
    assert.deepEqual(rollup.da.opened, []);
    rollup.da.purse += 1n;
    await reached(url, 1, "sent");
    assert.equal(rollup.da.purse, 0n);
    assert.match(await metrics(), /da_prepayments_total\{outcome="made"\} 1/);
    assert.match(await metrics(), /zeko_sequencer_da_prepaid_coins 9\.\d+e-11/);
  });
});

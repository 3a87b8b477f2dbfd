import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { NONCE_BASE } from "../../protocol/index.ts";
import { SlotBound } from "../../sequencer/settlement/SlotBound.ts";
import { transfer } from "../ledger/support/commands.ts";
import { newDirectory, TestRollup } from "./support/TestRollup.ts";
import { alice, bob, MINA } from "./support/testDeployment.ts";
import { accepted, closeBatch, get, until } from "./support/userCalls.ts";

const SLOT_MS = 180_000;
const DAY = 480n;

/** Slot 1,000 was seen at moment 0; the genesis that the node tells of lies so far back. */
function bound(genesisTimestampMs = 0) {
  const clock = { now: 0 };
  const terms = { seen: { slot: 1_000n, ms: 0 }, genesisTimestampMs, slotDurationMs: SLOT_MS };
  return { clock, bound: new SlotBound(terms, () => clock.now) };
}

describe("the slot that L2 takes over from L1", () => {
  it("is L1's while our clock has come as far, with a day to spare", () => {
    const { clock, bound: slots } = bound();
    for (const slot of [0n, 1_000n, 1_000n + DAY]) assert.equal(slots.atMost(slot), slot);
    clock.now = 10 * SLOT_MS;
    assert.equal(slots.atMost(1_010n + DAY), 1_010n + DAY);
    assert.equal(slots.excess(1_010n + DAY), 0n);
  });

  it("is no later than that, whatever a node says", () => {
    const { clock, bound: slots } = bound();
    for (const slot of [1_001n + DAY, 1n << 31n, (1n << 32n) - 1n])
      assert.deepEqual([slots.atMost(slot), slots.excess(slot)], [1_000n + DAY, slot - 1_000n - DAY]);
    clock.now = 10 * SLOT_MS - 1;
    assert.equal(slots.atMost(1n << 31n), 1_009n + DAY, "a slot must be over");
  });

  it("does not grow by being asked: a node that lies again and again wins nothing", () => {
    const { bound: slots } = bound();
    let slot = 0n;
    for (let i = 0; i < 100; i++) slot = slots.atMost(slot + DAY);
    assert.equal(slot, 1_000n + DAY);
  });

  it("catches up after L1 stood still for days, as far as its genesis allows", () => {
    const { clock, bound: slots } = bound(-1_000 * SLOT_MS);
    clock.now = 5_000 * SLOT_MS;
    assert.equal(slots.atMost(6_000n), 6_000n);
    const seen = { slot: 1_000n, ms: clock.now };
    const terms = { seen, genesisTimestampMs: -1_000 * SLOT_MS, slotDurationMs: SLOT_MS };
    const late = new SlotBound(terms, () => clock.now);
    assert.equal(late.atMost(1n << 31n), 6_000n + DAY);
  });

  it("does not go back with our clock", () => {
    const { clock, bound: slots } = bound();
    clock.now = -1e12;
    assert.equal(slots.atMost(1_000n), 1_000n);
  });
});

describe("a sequencer whose L1 node makes up a slot", () => {
  it("makes blocks no later than its clock allows, and says so", async () => {
    const rollup = new TestRollup();
    const client = rollup.l1.client();
    const told = { genesisTimestampMs: Date.now(), slotDurationMs: SLOT_MS };
    const network = async () => ({ ...(await client.network()), ...told });
    const l1 = { ...client, network };
    const directory = newDirectory();
    const sequencer = await rollup.start({}, { l1 }, directory);
    const { url } = sequencer;
    const first = rollup.l1.slot;
    rollup.l1.makeBlock(1 << 20);
    const metrics = async () => (await fetch(`${url}/metrics`)).text();
    await until(metrics, (text) => /^zeko_sequencer_l1_slots_ahead\S* 10480\d\d$/m.test(text));
    await accepted(
      url,
      transfer({ from: alice, to: bob.publicKey, amount: 1n, nonce: NONCE_BASE, fee: MINA }),
    );
    await closeBatch(url);
    const { blocks } = await get<{ blocks: { slot: string }[] }>(url, "/v1/blocks");
    assert.equal(blocks.at(-1)!.slot, String(BigInt(first) + DAY));

    // Neither a new start nor another word on how slots are measured gives it more.
    Object.assign(told, { genesisTimestampMs: 0, slotDurationMs: 1 });
    await sequencer.stop();
    const next = await rollup.start({}, { l1 }, directory);
    await closeBatch(next.url);
    const again = await get<{ blocks: { slot: string }[] }>(next.url, "/v1/blocks");
    assert.equal(again.blocks.at(-1)!.slot, String(BigInt(first) + DAY));
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { NONCE_BASE, publicKeyToBase58 } from "../../protocol/index.ts";
import type { ArchivedBatch, BatchArchive } from "../../sequencer/index.ts";
import { transfer } from "../ledger/support/commands.ts";
import { hasCode } from "../support/hasCode.ts";
import { newDirectory, TestRollup } from "./support/TestRollup.ts";
import { alice, bob, carol, MINA } from "./support/testDeployment.ts";
import { accepted, closeBatch, get, query, reached, until } from "./support/userCalls.ts";

const pay = (nonce: bigint, changes = {}) =>
  transfer({ from: alice, to: bob.publicKey, amount: 1n, nonce, fee: MINA, ...changes });

/** Two accepted batches, and one that validators hold and L1 has not seen; the sequencer that made them is gone. */
async function history() {
  const rollup = new TestRollup();
  const sequencer = await rollup.start();
  const { url } = sequencer;
  const hash = await accepted(
    url,
    pay(NONCE_BASE, { to: carol.publicKey, amount: 2n * MINA, creationFee: MINA }),
  );
  await closeBatch(url);
  await accepted(url, pay(NONCE_BASE + 1n));
  await closeBatch(url);
  await accepted(url, pay(NONCE_BASE + 2n));
  for (const number of [1, 2]) {
    await reached(url, number, "sent");
    rollup.l1.makeBlock();
    await reached(url, number, "accepted");
  }
  type Blocks = { blocks: { hash: string }[] };
  const { blocks } = await get<Blocks>(url, "/v1/blocks");
  return { rollup, sequencer, hash, blocks };
}

describe("recovery", async () => {
  const { rollup, sequencer, hash, blocks } = await history();
  await closeBatch(sequencer.url);
  await reached(sequencer.url, 3, "certified");
  await sequencer.stop();

  it("rebuilds from one validator's copy, and goes on where L1 stands", async () => {
    const again = await rollup.start({}, { archive: rollup.da.archive() });
    const { url } = again;
    type Account = { data: { account: { balance: { total: string } } } };
    const account = await query<Account>(
      url,
      `{ account(publicKey: "${publicKeyToBase58(carol.publicKey)}") { balance { total } } }`,
    );
    assert.equal(account.data.account.balance.total, (2n * MINA).toString());
    const status = await query(url, `{ transactionStatus(zkappTransaction: "${hash}") }`);
    assert.deepEqual(status.data, { transactionStatus: "INCLUDED" });
    const rebuilt = await get<{ blocks: { hash: string }[] }>(url, "/v1/blocks");
    assert.deepEqual(
      rebuilt.blocks.slice(0, blocks.length).map((block) => block.hash),
      blocks.map((block) => block.hash),
    );
    // The certified batch behind L1's state is adopted, and the next one follows it.
    await accepted(url, pay(NONCE_BASE + 3n));
    const next = await closeBatch(url);
    assert.equal(next.number, "4");
    for (const number of [3, 4]) {
      await reached(url, number, "sent");
      rollup.l1.makeBlock();
      await reached(url, number, "accepted");
    }
    assert.equal(rollup.l1.accepted, 4n);
    await again.stop();
  });

  it("proves a rebuilt batch anew when L1 takes its acceptance back", async () => {
    const again = await rollup.start({}, { archive: rollup.da.archive() });
    rollup.l1.reorg(1);
    assert.equal(rollup.l1.accepted, 3n);
    await until(
      () => rollup.l1.pooled.length,
      (waiting) => waiting === 1,
    );
    rollup.l1.makeBlock();
    await reached(again.url, 4, "accepted");
    assert.equal(rollup.l1.accepted, 4n);
    await again.stop();
  });

  it("does not start without a copy to rebuild from", () =>
    assert.rejects(rollup.start(), hasCode("RECOVERY_NO_SOURCE")));

  const honest = rollup.da.archive();
  const lies: readonly [name: string, archive: BatchArchive, code: string][] = [
    [
      "leaves out a batch",
      { ...honest, list: only((batch) => batch.header.number !== 1n) },
      "RECOVERY_PATH_MISSING",
    ],
    [
      "changes a header",
      { ...honest, list: changed((batch) => ({ ...batch, header: { ...batch.header, landBy: 7n } })) },
      "RECOVERY_NOT_ON_CHAIN",
    ],
    [
      "invents a batch",
      { ...honest, list: changed((batch) => ({ ...batch, id: `0x${"5".repeat(64)}` })) },
      "RECOVERY_NOT_ON_CHAIN",
    ],
    [
      "flips one bit of the bytes",
      {
        ...honest,
        data: async (id) => {
          const data = (await honest.data(id))!.slice();
          data[data.length - 1]! ^= 1;
          return data;
        },
      },
      "RECOVERY_DATA_MISMATCH",
    ],
    [
      "cuts the bytes off",
      { ...honest, data: async (id) => (await honest.data(id))!.slice(1) },
      "RECOVERY_DATA_MISMATCH",
    ],
    ["has no bytes", { ...honest, data: async () => undefined }, "RECOVERY_PATH_MISSING"],
    [
      "walks in a circle",
      {
        ...honest,
        list: changed((batch) => ({ ...batch, header: { ...batch.header, source: batch.header.target } })),
      },
      "RECOVERY_PATH_MISSING",
    ],
  ];
  for (const [name, archive, code] of lies)
    it(`refuses a validator that ${name}: ${code}`, () =>
      assert.rejects(rollup.start({}, { archive }), hasCode(code)));

  it("refuses a batch that no quorum has certified", async () => {
    const da = { ...rollup.da.client(), certificateOf: async () => undefined };
    await assert.rejects(rollup.start({}, { archive: honest, da }), hasCode("RECOVERY_NOT_CERTIFIED"));
  });

  it("refuses a certificate with too few signatures", async () => {
    const client = rollup.da.client();
    const da = {
      ...client,
      certificateOf: async (...parameters: Parameters<typeof client.certificateOf>) => {
        const recorded = await client.certificateOf(...parameters);
        return recorded && { ...recorded, attestations: recorded.attestations.slice(1) };
      },
    };
    await assert.rejects(rollup.start({}, { archive: honest, da }), hasCode("RECOVERY_NOT_CERTIFIED"));
  });

  function only(keep: (batch: ArchivedBatch) => boolean): BatchArchive["list"] {
    return async (after) => {
      const { batches, next } = await honest.list(after);
      return { batches: batches.filter(keep), next };
    };
  }
  function changed(change: (batch: ArchivedBatch) => ArchivedBatch): BatchArchive["list"] {
    return async (after) => {
      const { batches, next } = await honest.list(after);
      return { batches: batches.map(change), next };
    };
  }
});

describe("a sequencer that another one has overtaken", () => {
  it("takes back what L1 did not accept, rebuilds what it did, and goes on with its users' transactions", async () => {
    const rollup = new TestRollup();
    const dataDirectory = newDirectory();
    const slow = await rollup.start(
      {},
      { relay: { ...rollup.da.relay(), quorumProof: async () => undefined } },
      dataDirectory,
    );
    const own = await accepted(slow.url, pay(NONCE_BASE));
    await closeBatch(slow.url);
    await reached(slow.url, 1, "wrapped");
    const late = await accepted(slow.url, pay(NONCE_BASE + 1n));
    await slow.stop();
    const rival = await rollup.start();
    await accepted(
      rival.url,
      transfer({ from: bob, to: alice.publicKey, amount: 1n, nonce: NONCE_BASE, fee: MINA }),
    );
    await closeBatch(rival.url);
    await reached(rival.url, 1, "sent");
    rollup.l1.makeBlock();
    const { id } = await reached(rival.url, 1, "accepted");
    await rival.stop();
    const { url } = await rollup.start({}, { archive: rollup.da.archive() }, dataDirectory);
    assert.equal((await reached(url, 1, "accepted")).id, id);
    assert.equal((await closeBatch(url)).transactions, 2);
    await reached(url, 2, "sent");
    rollup.l1.makeBlock();
    await reached(url, 2, "accepted");
    for (const hash of [own, late])
      assert.equal((await get<{ status: string }>(url, `/v1/transactions/${hash}`)).status, "included");
  });
});

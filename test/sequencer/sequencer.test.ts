import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { NONCE_BASE, publicKeyToBase58, signatureFromBase58, verifyFields } from "../../protocol/index.ts";
import { transfer } from "../ledger/support/commands.ts";
import { newDirectory, TestRollup } from "./support/TestRollup.ts";
import { alice, bob, carol, MINA, sequencerKey } from "./support/testDeployment.ts";
import { accepted, batch, closeBatch, get, query, reached, until } from "./support/userCalls.ts";

const base58 = publicKeyToBase58;

interface AccountAnswer {
  data: { account: { nonce: string; inferredNonce: string; balance: { total: string } } | null };
}
const accountQuery =
  "query($key: PublicKey!) { account(publicKey: $key) { nonce inferredNonce balance { total } } }";

describe("a sequencer", async () => {
  const rollup = new TestRollup();
  const sequencer = await rollup.start();
  const { url } = sequencer;
  const account = async (key: typeof alice) =>
    (await query<AccountAnswer>(url, accountQuery, { key: base58(key.publicKey) })).data.account;

  it("takes a batch of transfers from the door to finality on L1", async () => {
    const creationFee = MINA;
    const first = await accepted(
      url,
      transfer({
        from: alice,
        to: carol.publicKey,
        amount: 5n * MINA,
        nonce: NONCE_BASE,
        fee: MINA,
        creationFee,
      }),
    );
    await accepted(
      url,
      transfer({ from: alice, to: bob.publicKey, amount: MINA, nonce: NONCE_BASE + 1n, fee: MINA }),
    );
    await accepted(
      url,
      transfer({ from: bob, to: carol.publicKey, amount: MINA, nonce: NONCE_BASE, fee: MINA }),
    );
    assert.deepEqual((await account(alice))?.inferredNonce, (NONCE_BASE + 2n).toString());
    const closed = await closeBatch(url);
    assert.equal(closed.transactions, 3);
    await reached(url, 1, "sent");
    rollup.l1.makeBlock();
    await reached(url, 1, "accepted");
    for (let i = 0; i < 5; i++) rollup.l1.makeBlock();
    const final = await reached(url, 1, "final");
    assert.equal(final.commit?.attempt, 1);
    assert.equal(rollup.l1.accepted, 1n);
    assert.equal((await account(carol))?.balance.total, (6n * MINA).toString());
    assert.equal((await account(carol))?.nonce, NONCE_BASE.toString());
    const status = await query<{ data: { transactionStatus: string } }>(
      url,
      `{ transactionStatus(zkappTransaction: "${first}") }`,
    );
    assert.equal(status.data.transactionStatus, "INCLUDED");
  });

  it("proves each leaf and each merge once, in order", () => {
    const kinds = rollup.prover.made.map((name) => name.split(" ")[0]);
    // 4 + 3 + 3 updates in leaves of 4 and the fees leaf; one new account.
    assert.deepEqual(kinds, [
      ...["ledger", "ledger", "ledger", "ledger", "mergeLedger", "mergeLedger", "mergeLedger"],
      "index",
      "join",
      "commit",
    ]);
  });

  it("signs its blocks, each over the one before", async () => {
    await accepted(
      url,
      transfer({ from: bob, to: alice.publicKey, amount: 1n, nonce: NONCE_BASE + 1n, fee: MINA }),
    );
    await closeBatch(url);
    type Block = { hash: string; parent: string; signature: string; height: string };
    const { blocks } = await get<{ blocks: Block[] }>(url, "/v1/blocks");
    assert.equal(blocks.length, 2);
    assert.equal(blocks[1]!.parent, blocks[0]!.hash);
    for (const { hash, signature } of blocks)
      assert.ok(verifyFields(sequencerKey.publicKey, [BigInt(hash)], signatureFromBase58(signature)));
  });

  it("settles an empty batch", async () => {
    const closed = await closeBatch(url);
    assert.equal(closed.transactions, 0);
    const { number } = closed;
    await reached(url, Number(number) - 1, "sent");
    rollup.l1.makeBlock();
    await reached(url, Number(number), "sent");
    rollup.l1.makeBlock();
    await reached(url, Number(number), "accepted");
    assert.equal(rollup.l1.accepted.toString(), number);
  });

  it("posts and certifies later batches while an earlier one is proved, and commits in order", async () => {
    const { promise: open, resolve } = Promise.withResolvers<void>();
    rollup.prover.gate = () => open;
    const numbers = [];
    for (let i = 0; i < 3; i++) numbers.push(Number((await closeBatch(url)).number));
    for (const number of numbers) await reached(url, number, "certified");
    rollup.prover.gate = async () => {};
    resolve();
    for (const number of numbers) {
      await reached(url, number, "sent");
      const later = numbers.filter((other) => other > number);
      for (const other of later) assert.notEqual((await batch(url, other)).step, "sent");
      rollup.l1.makeBlock();
      await reached(url, number, "accepted");
    }
    assert.equal(Number(rollup.l1.accepted), numbers.at(-1));
  });

  it("takes the certificate from the DA chain when the relay is down, and waits for its proof", async () => {
    rollup.da.relayUp = false;
    const number = Number((await closeBatch(url)).number);
    await reached(url, number, "wrapped");
    rollup.da.relayUp = true;
    await reached(url, number, "sent");
    rollup.l1.makeBlock();
    await reached(url, number, "accepted");
  });

  it("opens a batch again that the inbox has dropped", async () => {
    const other = new TestRollup();
    let drops = 0;
    const dropping = {
      ...other.da.client(),
      postChunks: async (id: `0x${string}`, chunks: readonly Uint8Array[]) => {
        if (drops++ === 0) {
          other.da.drop(id);
          throw new Error("dropped before its chunks came");
        }
        return other.da.client().postChunks(id, chunks);
      },
    };
    const second = await other.start({}, { da: dropping });
    await closeBatch(second.url);
    await reached(second.url, 1, "sent");
    assert.equal(other.da.opened.length, 2);
    assert.equal(new Set(other.da.opened).size, 1);
  });

  it("says how it is: status, readiness, metrics", async () => {
    type Status = { batches: { accepted: string; open: number }; pending: number; sequencer: string };
    const status = await get<Status>(url, "/v1/status");
    assert.equal(status.sequencer, base58(sequencerKey.publicKey));
    assert.equal(status.pending, 0);
    assert.equal(status.batches.open, 0);
    const ready = await get<{ status: string }>(url, "/readyz");
    assert.equal(ready.status, "ready");
    const metrics = await (await fetch(`${url}/metrics`)).text();
    assert.match(metrics, /zeko_sequencer_batches\{step="accepted"\} \d/);
    assert.match(metrics, /zeko_sequencer_transactions_total\{outcome="accepted"\} 4/);
  });

  it("closes blocks and batches by itself", async () => {
    const other = new TestRollup();
    const second = await other.start({
      "sequencer.block-interval-ms": 20,
      "sequencer.blocks-per-batch": 2,
    });
    for (let nonce = NONCE_BASE; nonce < NONCE_BASE + 2n; nonce++) {
      await accepted(second.url, transfer({ from: alice, to: bob.publicKey, amount: 1n, nonce, fee: MINA }));
      type Status = { block: { height: string } };
      await until(
        () => get<Status>(second.url, "/v1/status"),
        ({ block }) => BigInt(block.height) === nonce - NONCE_BASE + 1n,
      );
    }
    const closed = await reached(second.url, 1, "sent");
    assert.equal(closed.transactions, 2);
  });

  it("stops, and twice, while a node does not answer; and starts again", async () => {
    const other = new TestRollup();
    const relay = { ...other.da.relay(), certificate: () => new Promise<never>(() => {}) };
    const dataDirectory = newDirectory();
    const waiting = await other.start({}, { relay }, dataDirectory);
    await closeBatch(waiting.url);
    await reached(waiting.url, 1, "sealed");
    await waiting.stop();
    await waiting.stop();
    const again = await other.start({}, {}, dataDirectory);
    await reached(again.url, 1, "sent");
  });

  it("makes no proof again that it has stored before a restart", async () => {
    const other = new TestRollup();
    const dataDirectory = newDirectory();
    // The join is never made; what is under way when a process ends is lost, and only that.
    other.prover.gate = (name) => (name.startsWith("join") ? new Promise(() => {}) : Promise.resolve());
    const first = await other.start({}, {}, dataDirectory);
    for (let nonce = NONCE_BASE; nonce < NONCE_BASE + 3n; nonce++)
      await accepted(first.url, transfer({ from: alice, to: bob.publicKey, amount: 1n, nonce, fee: MINA }));
    await closeBatch(first.url);
    await reached(first.url, 1, "indexProved");
    await first.stop();
    other.prover.gate = async () => {};
    const again = await other.start({}, {}, dataDirectory);
    await reached(again.url, 1, "sent");
    assert.equal(new Set(other.prover.made).size, other.prover.made.length);
    assert.equal(other.prover.made.filter((name) => name.startsWith("ledger")).length, 4);
  });
});

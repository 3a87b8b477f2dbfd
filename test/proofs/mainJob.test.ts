import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { defaultCacheDirectory } from "../../circuits/index.ts";
import { GraphqlL1Client } from "../../l1/index.ts";
import { certificateFromJson, hash, tags, verifyCertificate } from "../../protocol/index.ts";
import { type BatchView, LocalNetwork } from "../../scripts/local/LocalNetwork.ts";
import { makeProofKeys } from "../../scripts/local/makeProofKeys.ts";
import type { SentTransfer } from "../../scripts/local/sendTransfers.ts";
import { Timeline } from "../../scripts/local/Timeline.ts";
import { requestJson } from "../../service/index.ts";

const BATCH_LIMIT_MS = 20 * 60_000;
const cacheDirectory = defaultCacheDirectory(process.env);
const directory = await mkdtemp(join(tmpdir(), "zeko-main-"));
const timeline = new Timeline((line) => process.stderr.write(line));
const network = new LocalNetwork(
  {
    directory,
    validators: 4,
    slotDurationMs: 3_000,
    userBalance: 1_000_000_000_000n,
    cacheDirectory,
    chain: "zekod",
  },
  { timeline },
);

/** Closes a batch and waits for L1. */
async function settle(): Promise<BatchView> {
  const { number } = await network.closeBatch();
  return await network.waitUntilAccepted(number, BATCH_LIMIT_MS);
}

async function balanceOf(publicKey: string): Promise<bigint> {
  const json = { query: `{ account(publicKey: "${publicKey}") { balance { total } } }` };
  const answer = await requestJson({ url: `${network.urls.sequencer}/graphql`, json });
  return BigInt((answer as { data: { account: { balance: { total: string } } } }).data.account.balance.total);
}

/** The certificate that the relay serves holds, offline, for the genesis' validators. */
async function checkCertificate(batch: BatchView): Promise<void> {
  const url = `${network.urls.relay}/v1/batches/${batch.id}/certificate`;
  const certificate = certificateFromJson(await requestJson({ url }));
  assert.equal(verifyCertificate(certificate, network.deployment.genesis.validators) >= 3n, true);
}

describe("the main job on four nodes of our own chain, every role a process and every proof real", () => {
  let transfers: SentTransfer[];

  before(async () => {
    await makeProofKeys(cacheDirectory, timeline);
    await network.up();
    await network.startSequencer();
  });
  after(async () => {
    await network.down();
    await rm(directory, { recursive: true, force: true });
  });

  it("brings transfers that make accounts from the GraphQL endpoint to acceptance on L1, by two leaves and merges", async () => {
    transfers = await network.transfer(8);
    const batch = await settle();
    assert.equal(batch.number, "1");
    assert.equal(batch.newAccounts, 8);
    assert.equal(batch.proofs.ledger, 3); // two leaves of transfers, and one for the fees
    await checkCertificate(batch);
  });

  it("goes on with a sequencer that lost everything and rebuilt it from one validator's copy; no new account this time", async () => {
    await network.loseSequencer();
    await network.startSequencer();
    const [first] = transfers;
    assert.equal(await balanceOf(first!.receiver), BigInt(first!.amount));
    const [again] = await network.transfer(1, first!.receiver);
    const batch = await settle();
    assert.equal(batch.number, "2");
    assert.equal(batch.newAccounts, 0);
    assert.equal(await balanceOf(first!.receiver), BigInt(first!.amount) + BigInt(again!.amount));
    await checkCertificate(batch);
  });

  it("settles an empty batch", async () => {
    const batch = await settle();
    assert.equal(batch.number, "3");
    assert.equal(batch.transactions, 0);
    await checkCertificate(batch);
  });

  it("leaves on L1 what every validator holds", async () => {
    const l1 = new GraphqlL1Client({ mina: `${network.urls.l1}/graphql` });
    const outer = await l1.account(network.keys.outer.address);
    const [core, , , , cursor] = outer!.zkapp!.appState;
    const accepted = hash(tags.state, [core!, cursor!]);
    for (const url of network.urls.signers) {
      const { tip } = (await requestJson({ url: `${url}/v1/state` })) as { tip: { state: string } };
      assert.equal(BigInt(tip.state), accepted);
    }
  });
});

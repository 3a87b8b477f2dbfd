import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { after, it } from "node:test";
import { fieldToHex } from "../../gossip/index.ts";
import { genesisSnapshot } from "../../ledger/index.ts";
import { requestBytes } from "../../service/index.ts";
import { keptBatches, openAsSigner } from "../signer/support/keptBatches.ts";
import { type TestBatch, testBatch, transfers } from "../signer/support/testRollup.ts";
import { hasCode } from "../support/hasCode.ts";
import { smallDisk } from "./support/smallDisk.ts";
import { startSignerChild } from "./support/startSignerChild.ts";
import { zekodNetwork } from "./support/zekodNetwork.ts";
import {
  alarm,
  attested,
  certified,
  certifiedOnce,
  metric,
  metricIn,
  stepOf,
  zekodRoles,
} from "./support/zekodRoles.ts";

const VALIDATORS = 4;
/** The validator whose disk is full. */
const VICTIM = 3;
const DISK_BYTES = 64 * 1024 * 1024;
/** What the disk still takes: nothing; or a batch's header, but not its bytes. */
const ROOMS = [0, 8_192];
/** In a batch; their bytes are twice of what there is room for. */
const TRANSFERS = 200;
const FAILURES = "zeko_signer_store_failures_total";
const FREE = "zeko_signer_disk_free_bytes";

// Parts of one test: what the roles' support closes after "the test" lives for all of them.
it("a validator on four nodes of our own chain, when its disk is full", async (t) => {
  const ends: (() => void | Promise<void>)[] = [];
  after(async () => {
    for (const end of ends.toReversed()) await end();
  });
  const onEnd = (end: () => void | Promise<void>) => void ends.push(end);
  const disk = await smallDisk(DISK_BYTES);
  ends.push(() => disk.close());
  const chain = await zekodNetwork(VALIDATORS);
  ends.push(() => chain.close());
  const { devnet, relay, signers } = await zekodRoles(chain, onEnd, { without: [VICTIM] });
  const { client, genesis } = devnet;
  const directory = join(disk.directory, "signer");
  await mkdir(directory);
  const peers = [relay.relay, ...signers.map(({ signer }) => signer)].flatMap((peer) => peer.peerAddresses);
  const start = () =>
    startSignerChild({ devnet, slot: VICTIM, url: chain.network.urls[VICTIM]!, directory, peers });

  const posted: TestBatch[] = [];
  async function post(): Promise<TestBatch> {
    const source = posted.at(-1)?.executed.target ?? genesisSnapshot(genesis);
    const commands = transfers(TRANSFERS, { nonce: BigInt(TRANSFERS * posted.length) });
    const batch = testBatch(genesis, source, commands);
    posted.push(batch);
    await devnet.post(batch);
    return batch;
  }

  /** What it has said, and what is behind that, is on the disk of the process that was killed. */
  async function keptEverything(): Promise<void> {
    for (const [i, { step, isSigned, data }] of (await keptBatches(directory, posted)).entries()) {
      assert.deepEqual([step, isSigned], ["published", true]);
      assert.ok(Buffer.from(data ?? []).equals(posted[i]!.data));
    }
  }

  /** It gives all of it to others, and can continue from there. */
  async function servesEverything(): Promise<void> {
    for (const batch of posted) {
      const bytes = await requestBytes({
        url: `${victim.url}/v1/batches/${batch.id}/data`,
        maxBytes: 1 << 24,
      });
      assert.ok(Buffer.from(bytes).equals(batch.data));
      await certifiedOnce(client, batch);
    }
    const { target } = posted.at(-1)!.header;
    await requestBytes({ url: `${victim.url}/v1/states/${fieldToHex(target)}` });
  }

  let victim = (await start())!;
  ends.push(() => victim.kill());

  await t.test("certifies when all is well", async () => {
    const batch = await post();
    await certified(client, batch);
    await attested(victim, batch);
  });

  for (const room of ROOMS)
    await t.test(
      `signs nothing that it cannot keep, says so, and goes on with room: ${room} bytes left`,
      async () => {
        const failures = await metric(victim, FAILURES);
        await disk.fill(room);
        const batch = await post();
        await certified(client, batch);
        await alarm(victim, FAILURES, failures);
        assert.ok((await metric(victim, FREE)) <= room);
        assert.ok(!["signed", "published"].includes(await stepOf(victim, batch)));
        await assert.rejects(requestBytes({ url: `${victim.url}/v1/batches/${batch.id}/attestation` }));
        assert.equal(await metricIn(relay.register, "zeko_relay_quorum_margin_weight"), 0);
        disk.empty();
        await attested(victim, batch);
        await victim.kill();
        await keptEverything();
        victim = (await start())!;
        await servesEverything();
      },
    );

  await t.test("does not start without room, and goes on where it stopped when there is", async () => {
    await disk.fill(0);
    const batch = await post();
    await alarm(victim, FAILURES, 0);
    await victim.kill();
    assert.equal(await start(), undefined);
    await assert.rejects(openAsSigner(directory, genesis), hasCode("DATA_DIRECTORY_FULL"));
    disk.empty();
    victim = (await start())!;
    await attested(victim, batch);
    await certified(client, batch);
    await servesEverything();
  });
});

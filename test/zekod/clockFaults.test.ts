import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, it } from "node:test";
import { connectDaClient } from "../../da/index.ts";
import { CHUNK_BYTES } from "../../protocol/index.ts";
import type { ChainNode } from "../../scripts/chain/ChainNode.ts";
import { requestJson, systemClock } from "../../service/index.ts";
import { deployment, sampleBatch } from "../da/support/deployment.ts";
import { ask, fundedKeys } from "../da/support/hardhatNode.ts";
import { until } from "../signer/support/startSigner.ts";
import { type TestBatch, testChain } from "../signer/support/testRollup.ts";
import { skewedZekod, startSkewed } from "./support/skewedZekod.ts";
import { startSignerChild } from "./support/startSignerChild.ts";
import { zekodNetwork } from "./support/zekodNetwork.ts";
import { attested, certified, certifiedOnce, metric, metricIn, zekodRoles } from "./support/zekodRoles.ts";

const VALIDATORS = 4;
/** The validator whose machine has another time. */
const VICTIM = 3;
const MINUTES = 10;
const DAY_MS = 86_400_000;
const CATCH_UP_MS = 120_000;
const OFFSET = "zeko_signer_clock_offset_seconds";
/** What a metric may be off by and mean the same: blocks, and the pause between two looks. */
const SLACK_SECONDS = 60;

type Vote = { readonly validator_address: string; readonly timestamp: string };
type Commit = {
  readonly signed_header: {
    readonly header: { readonly time: string; readonly proposer_address: string };
    readonly commit: { readonly signatures: readonly Vote[] };
  };
};

// Parts of one test: what the roles' support closes after "the test" lives for all of them.
it("four nodes of our own chain and what runs beside them, when clocks are wrong", async (t) => {
  const ends: (() => void | Promise<void>)[] = [];
  after(async () => {
    for (const end of ends.toReversed()) await end();
  });
  const onEnd = (end: () => void | Promise<void>) => void ends.push(end);
  const binary = await skewedZekod();
  // A node whose clock is before the genesis waits for it.
  const chain = await zekodNetwork(VALIDATORS, { ageMs: 6 * MINUTES * 60_000 });
  ends.push(() => chain.close());
  let relayOffMs = 0;
  const relayClock = { ...systemClock, now: () => systemClock.now() + relayOffMs };
  const { devnet, relay, signers } = await zekodRoles(chain, onEnd, { without: [VICTIM], relayClock });
  const { client, genesis } = devnet;
  const batches = testChain(genesis, 6);
  let taken = 0;
  const next = () => batches[taken++] as TestBatch;

  const [first] = chain.network.nodes as [ChainNode];
  let node = chain.network.nodes[VICTIM]!;
  const directory = await mkdtemp(join(tmpdir(), "zeko-signer-"));
  ends.push(() => rm(directory, { recursive: true }));
  const peers = [relay.relay, ...signers.map(({ signer }) => signer)].flatMap((peer) => peer.peerAddresses);
  const victim = (await startSignerChild({ devnet, slot: VICTIM, url: node.url, directory, peers }))!;
  ends.push(() => victim.kill());

  const comet = async <T>({ ports }: ChainNode, path: string): Promise<T> =>
    ((await requestJson({ url: `http://127.0.0.1:${ports.comet}/${path}` })) as { result: T }).result;
  const { validator_info: info } = await comet<{ validator_info: { address: string } }>(node, "status");

  const isVictims = ({ validator_address }: Vote) => validator_address === info.address;

  /** The first block from a height on that the victim proposed and whose votes include its own. */
  async function proposedByVictim(since: number): Promise<Commit["signed_header"]> {
    for (let height = since; ; height++) {
      // The latest one has no votes yet that all agree on.
      await first.waitForHeight(height + 1, CATCH_UP_MS);
      const { signed_header } = await comet<Commit>(first, `commit?height=${height}`);
      const { header, commit } = signed_header;
      if (header.proposer_address === info.address && commit.signatures.some(isVictims)) return signed_header;
    }
  }

  async function oneHistory(): Promise<void> {
    const height = await first.height();
    const hash = async (each: ChainNode) => {
      await each.waitForHeight(height, CATCH_UP_MS);
      const block = await ask(each.url, "eth_getBlockByNumber", [`0x${height.toString(16)}`, false]);
      return (block as { hash: string }).hash;
    };
    const hashes = await Promise.all([...chain.network.nodes.slice(0, VICTIM), node].map(hash));
    assert.equal(new Set(hashes).size, 1);
  }

  for (const minutes of [MINUTES, -MINUTES])
    await t.test(`go on when a validator's machine is ${minutes} minutes off, which shows`, async () => {
      await node.stop();
      node = startSkewed(node, binary, minutes);
      victim.setDate(minutes * 60_000);
      const since = await first.height();
      await node.waitForHeight(since, CATCH_UP_MS);

      const batch = next();
      await devnet.post(batch);
      await certified(client, batch);
      await attested(victim, batch);
      await certifiedOnce(client, batch);

      // Its blocks are taken, and their time is everybody's, not its own.
      const { header, commit } = await proposedByVictim(since + 1);
      const blockMs = Date.parse(header.time);
      assert.ok(Math.abs(Date.now() - blockMs) < SLACK_SECONDS * 1_000);
      // Its vote says what its clock is; a vote before its block is dated a millisecond behind that.
      const vote = commit.signatures.find(isVictims)!;
      const offMs = Date.parse(vote.timestamp) - blockMs;
      if (minutes > 0) assert.ok(offMs > minutes * 60_000 - SLACK_SECONDS * 1_000);
      else assert.equal(offMs, 1);
      await until(
        () => metric(victim, OFFSET),
        (seconds) => Math.abs(seconds - minutes * 60) < SLACK_SECONDS,
      );
      await oneHistory();
    });

  await t.test("certify once, and blame nobody, when dates jump by a day between two batches", async () => {
    for (const days of [1, -1, 0]) {
      victim.setDate(days * DAY_MS);
      relayOffMs = -days * DAY_MS;
      const batch = next();
      await devnet.post(batch);
      await certified(client, batch);
      for (const each of [victim, ...signers.map(({ signer }) => signer)]) await attested(each, batch);
      await certifiedOnce(client, batch);
    }
    for (const slot of genesis.validators.members.keys())
      assert.equal(
        await metricIn(relay.register, `zeko_relay_validator_faults_total{slot="${slot}",fault="silent"}`),
        0,
      );
  });

  await t.test(
    "post every chunk once when the poster's date is set while chunks are on their way",
    async () => {
      const d = await deployment(chain.url);
      ends.push(() => d.client.close());
      let offMs = 0;
      const clock = { ...systemClock, now: () => systemClock.now() + offMs };
      const options = { url: chain.url, addresses: d.addresses, key: fundedKeys[0], receiptPollMs: 100 };
      const poster = await connectDaClient(options, { clock });
      ends.push(() => poster.close());
      for (const [i, off] of [DAY_MS, -DAY_MS].entries()) {
        const { request, chunks, data } = sampleBatch(d.rollup, 4 * CHUNK_BYTES, BigInt(i + 1));
        const id = await poster.openBatch(request);
        const posted = poster.postChunks(id, chunks);
        offMs = off;
        await posted;
        assert.ok(Buffer.from(await d.client.data(id)).equals(data));
      }
    },
  );
});

import assert from "node:assert/strict";
import { after, it } from "node:test";
import { requestBytes } from "../../service/index.ts";
import { ask } from "../da/support/hardhatNode.ts";
import type { RpcProxy } from "../da/support/rpcProxy.ts";
import { startTestDevnet } from "../signer/support/testDevnet.ts";
import { type TestBatch, testBatch, testChain, transfers } from "../signer/support/testRollup.ts";
import { hiddenLogs, lag, otherAnswer, otherBytes, otherOpening } from "./support/lies.ts";
import { zekodNetwork } from "./support/zekodNetwork.ts";
import {
  alarm,
  attested,
  calm,
  certified,
  certifiedOnce,
  chainAt,
  metric,
  metricIn,
  type RunningSigner,
  stepOf,
  zekodRoles,
} from "./support/zekodRoles.ts";

const VALIDATORS = 4;
/** The validator to whom things happen. */
const VICTIM = 3;
const SILENCE = "zeko_signer_da_silence_seconds";
const UNSEEN = "zeko_signer_unseen_batches";
const LIES = 'zeko_signer_da_faults_total{fault="lie"}';
const REFUSED = 'zeko_signer_batches_total{outcome="refused"}';
/** Above what passes between two blocks, and far below what an operator would wait. */
const SILENT_SECONDS = 3;

// Parts of one test: what the roles' support closes after "the test" lives for all of them.
it("validators on four nodes of our own chain, when one of them has a node that fails, lags or lies", async (t) => {
  const ends: (() => void | Promise<void>)[] = [];
  after(async () => {
    for (const end of ends.toReversed()) await end();
  });
  const onEnd = (end: () => void | Promise<void>) => void ends.push(end);
  // First, so that it is ahead: who comes back from it has a cursor behind which the truth happened.
  const fork = await zekodNetwork(1);
  ends.push(() => fork.close());
  const chain = await zekodNetwork(VALIDATORS);
  ends.push(() => chain.close());
  const { devnet, relay, signers, proxies } = await zekodRoles(chain, onEnd);
  const { genesis, client } = devnet;
  const batches = testChain(genesis, 10);
  const { signer } = signers[VICTIM] as RunningSigner;
  const proxy = proxies[VICTIM] as RpcProxy;
  let taken = 0;
  const next = () => batches[taken++] as TestBatch;

  /** Posts a batch that the others certify without the victim. */
  async function certifyWithoutVictim(): Promise<TestBatch> {
    const batch = next();
    await devnet.post(batch);
    await certified(client, batch);
    assert.notEqual(await stepOf(signer, batch), "published");
    assert.equal(await metricIn(relay.register, "zeko_relay_quorum_margin_weight"), 0);
    return batch;
  }

  async function recovers(batch: TestBatch): Promise<void> {
    await attested(signer, batch);
    await calm(signer, UNSEEN, 0);
    await calm(signer, SILENCE, SILENT_SECONDS);
    await certifiedOnce(client, batch);
  }

  await t.test("certify when all is well", async () => {
    const batch = next();
    await devnet.post(batch);
    await certified(client, batch);
    for (const each of signers) await attested(each.signer, batch);
    await certifiedOnce(client, batch);
  });

  await t.test("certify without the one whose own node is down, which signs when it is back", async () => {
    const node = chain.network.nodes[VICTIM]!;
    await node.stop();
    const batch = await certifyWithoutVictim();
    assert.equal(await stepOf(signer, batch), "");
    await alarm(signer, SILENCE, SILENT_SECONDS);
    await alarm(signer, UNSEEN, 0);
    node.start({ detached: false });
    await recovers(batch);
  });

  await t.test("certify without the one whose node lags, which signs when that has caught up", async () => {
    proxy.fate = lag((await ask(chain.url, "eth_blockNumber")) as string);
    const batch = await certifyWithoutVictim();
    await alarm(signer, SILENCE, SILENT_SECONDS);
    await alarm(signer, UNSEEN, 0);
    proxy.fate = () => "pass";
    await recovers(batch);
  });

  await t.test("certify without the one whose node hides what happens, which finds it later", async () => {
    proxy.fate = hiddenLogs;
    const batch = await certifyWithoutVictim();
    await alarm(signer, UNSEEN, 0);
    await alarm(signer, LIES, 0);
    proxy.fate = () => "pass";
    await recovers(batch);
  });

  const lies = {
    "another target state": otherOpening(2),
    "other chunk roots": otherAnswer("chunkRootsOf", 2),
  };
  for (const [what, lie] of Object.entries(lies))
    await t.test(
      `certify without the one whose node tells of ${what}, which stands still meanwhile`,
      async () => {
        const before = await metric(signer, LIES);
        proxy.fate = lie;
        const batch = await certifyWithoutVictim();
        await alarm(signer, LIES, before);
        await alarm(signer, SILENCE, SILENT_SECONDS);
        proxy.fate = () => "pass";
        await recovers(batch);
      },
    );

  const slanders = {
    "another sequencer's signature": otherOpening(9),
    "a poster who may not post": otherAnswer("isPoster", 0),
  };
  for (const [what, lie] of Object.entries(slanders))
    await t.test(`certify without the one whose node tells of ${what}, which looks again`, async () => {
      const before = await metric(signer, REFUSED);
      proxy.fate = lie;
      const batch = await certifyWithoutVictim();
      await alarm(signer, REFUSED, before);
      await alarm(signer, UNSEEN, 0);
      proxy.fate = () => "pass";
      await recovers(batch);
    });

  await t.test(
    "sign the right bytes, a peer's, where the node gives others, and a root that is hashed",
    async () => {
      const batch = next();
      const before = await metric(signer, LIES);
      const peers = await metric(signer, "zeko_signer_peer_batches_total");
      const [bytes, root] = [otherBytes(batch.data), otherAnswer("batchOf", 2)];
      proxy.fate = (request) => (request.method === "eth_call" ? root(request) : bytes(request));
      await devnet.post(batch);
      await attested(signer, batch);
      assert.ok((await metric(signer, LIES)) > before);
      assert.equal(await metric(signer, "zeko_signer_peer_batches_total"), peers + 1);
      const copy = await requestBytes({
        url: `${signer.url}/v1/batches/${batch.id}/data`,
        maxBytes: 1 << 24,
      });
      assert.ok(Buffer.from(copy).equals(batch.data));
      await certified(client, batch);
      proxy.fate = () => "pass";
      await recovers(batch);
    },
  );

  await t.test(
    "certify nothing of a fork that one node answers from, and miss nothing of the chain",
    async () => {
      const other = await startTestDevnet(VALIDATORS, onEnd, chainAt(fork.url));
      assert.deepEqual(other.addresses, devnet.addresses); // the fork's contracts are those of the chain
      const source = batches[taken - 1]!.executed.target;
      const rival = testBatch(genesis, source, transfers(3, { from: 1, to: 2 }));
      proxy.target = fork.url;
      await other.post(rival);
      const batch = await certifyWithoutVictim();
      await attested(signer, rival); // as far as it knows, and it holds what it signed
      await alarm(signer, UNSEEN, 0);
      proxy.target = chain.network.urls[VICTIM]!;
      await recovers(batch);
      assert.equal(await client.batch(rival.id), undefined);
      for (const each of signers) assert.equal(await metric(each.signer, UNSEEN), 0);
    },
  );
});

import assert from "node:assert/strict";
import { after, it } from "node:test";
import { connectDaReader } from "../../da/index.ts";
import { requestBytes, systemClock } from "../../service/index.ts";
import { ask } from "../da/support/hardhatNode.ts";
import { rpcProxy } from "../da/support/rpcProxy.ts";
import { startRelay } from "../relay/support/startRelay.ts";
import { startSigner, until } from "../signer/support/startSigner.ts";
import { startTestDevnet } from "../signer/support/testDevnet.ts";
import { type TestBatch, testChain } from "../signer/support/testRollup.ts";
import { zekodNetwork } from "./support/zekodNetwork.ts";

const VALIDATORS = 4;
/** The validator to whom things happen. */
const VICTIM = 3;
type Running = Awaited<ReturnType<typeof startSigner>>;

// Parts of one test: what the roles' support closes after "the test" lives for all of them.
it("validators on four nodes of our own chain, when one of them has a node that is down or lags", async (t) => {
  const ends: (() => void | Promise<void>)[] = [];
  after(async () => {
    for (const end of ends.toReversed()) await end();
  });
  const chain = await zekodNetwork(VALIDATORS);
  ends.push(() => chain.close());
  const onEnd = (end: () => void | Promise<void>) => void ends.push(end);
  const chainOf = (url: string) => async () => ({ url, close: async () => {} });
  const devnet = await startTestDevnet(VALIDATORS, onEnd, chainOf(chain.url));
  const { addresses, genesis, validators, client } = devnet;
  const proxies = await Promise.all(chain.network.urls.map(rpcProxy));
  ends.push(...proxies.map((proxy) => () => proxy.close()));
  const relay = await startRelay({ genesis, da: client, askAfterMs: 500 });
  const peers = relay.relay.peerAddresses;
  const signers = await Promise.all(
    validators.map(async ({ privateKey }, i) => {
      const da = await connectDaReader({ url: proxies[i]!.url, addresses }, { clock: systemClock });
      ends.push(() => da.close());
      return await startSigner({ genesis, da, privateKey, peers });
    }),
  );
  const batches = testChain(genesis, 3);

  const victim = () => signers[VICTIM]!;
  const proxy = () => proxies[VICTIM]!;
  const stepOf = async ({ get }: Running, { id }: TestBatch) =>
    (await get(`/v1/batches/${id}`).catch(() => ({ step: "" }))).step;
  const attested = (signer: Running, batch: TestBatch) =>
    until(
      () => stepOf(signer, batch),
      (step) => step === "published",
    );
  const certified = ({ id }: TestBatch) =>
    until(
      () => client.certificateOf(id, 0n),
      (certificate) => certificate !== undefined,
    );
  const metric = async (signer: Running, line: RegExp) => {
    const text = Buffer.from(await requestBytes({ url: `${signer.signer.url}/metrics` })).toString();
    return Number(line.exec(text)?.[1] ?? 0);
  };
  const cursor = () => metric(victim(), /^zeko_signer_da_cursor_block (\S+)$/m);

  async function certifiedOnce(batch: TestBatch): Promise<void> {
    const { events } = await client.events(0);
    const recorded = events.filter(
      ({ kind, batch: id }) => kind === "CertificateRecorded" && id === batch.id,
    );
    assert.equal(recorded.length, 1);
  }

  await t.test("certify when all is well", async () => {
    const [batch] = batches as [TestBatch];
    await devnet.post(batch);
    await certified(batch);
    for (const signer of signers) await attested(signer, batch);
    await certifiedOnce(batch);
  });

  await t.test("certify without the one whose own node is down, which signs when it is back", async () => {
    const [, batch] = batches as [TestBatch, TestBatch];
    const node = chain.network.nodes[VICTIM]!;
    await node.stop();
    const stood = await cursor();
    await devnet.post(batch);
    await certified(batch);
    assert.equal(await stepOf(victim(), batch), "");
    assert.equal(await cursor(), stood); // what the alarm looks at
    node.start({ detached: false });
    await attested(victim(), batch);
    assert.ok((await cursor()) > stood);
    await certifiedOnce(batch);
  });

  await t.test("certify without the one whose node lags, which signs when that has caught up", async () => {
    const [, , batch] = batches as [TestBatch, TestBatch, TestBatch];
    const head = await ask(chain.url, "eth_blockNumber");
    proxy().fate = ({ method }) => (method === "eth_blockNumber" ? { instead: { result: head } } : "pass");
    await devnet.post(batch);
    await certified(batch);
    assert.equal(await stepOf(victim(), batch), "");
    assert.ok((await cursor()) <= Number(head) + 1);
    proxy().fate = () => "pass";
    await attested(victim(), batch);
    await certifiedOnce(batch);
  });
});

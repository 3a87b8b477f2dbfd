import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { keccak256, Wallet } from "ethers";
import { type BatchId, connectDaClient, countTransactions, type DaClient } from "../../da/index.ts";
import { CHUNK_BYTES } from "../../protocol/index.ts";
import { createMetricRegister } from "../../service/index.ts";
import { clock, type Deployment, deployment, type Sample, sampleBatch } from "../da/support/deployment.ts";
import { ask, fundedKeys } from "../da/support/hardhatNode.ts";
import { type Fate, type RpcProxy, type RpcRequest, rpcProxy } from "../da/support/rpcProxy.ts";
import { hasCode } from "../support/hasCode.ts";
import { type ZekodNetwork, zekodNetwork } from "./support/zekodNetwork.ts";
import { metricIn } from "./support/zekodRoles.ts";

const [key] = fundedKeys;
const GWEI = 10n ** 9n;
type Fields = Record<string, string>;

describe("transactions on four nodes of our own chain, when something happens to them", () => {
  let chain: ZekodNetwork;
  let proxy: RpcProxy;
  let d: Deployment;
  let client: DaClient;
  const register = createMetricRegister({ role: "sequencer" });
  const outcomes = new Map<string, number>();
  let number = 0n;
  before(async () => {
    chain = await zekodNetwork(4);
    proxy = await rpcProxy(chain.url);
    d = await deployment(chain.url);
    const options = { url: proxy.url, addresses: d.addresses, key, receiptPollMs: 100, stallMs: 2_500 };
    client = await connectDaClient(options, {
      clock,
      onTransaction: countTransactions(register, "sequencer"),
    });
  });
  after(async () => {
    client?.close();
    d?.client.close();
    await proxy?.close();
    await chain?.close();
  });
  beforeEach(async () => {
    proxy.fate = () => "pass";
    for (const outcome of ["again", "raised", "taken"]) outcomes.set(outcome, await counted(outcome));
  });

  const counted = (outcome: string) =>
    metricIn(register, `zeko_sequencer_da_transactions_total{outcome="${outcome}"}`);
  /** That the metrics show what happened in this test. */
  async function shows(outcome: "again" | "raised" | "taken"): Promise<void> {
    assert.ok((await counted(outcome)) > outcomes.get(outcome)!);
  }

  const next = (chunks = 1): Sample => sampleBatch(d.rollup, chunks * CHUNK_BYTES, ++number);
  const count = async (tag = "latest") =>
    Number(await ask(chain.url, "eth_getTransactionCount", [key.address, tag]));
  const transactionOf = async (id: BatchId) =>
    (await ask(chain.url, "eth_getTransactionByHash", [(await d.client.opening(id)).transaction])) as Fields;

  /** Takes the first transaction and says that the node has it; what happens to the rest is for `then` to say. */
  function swallowFirst(then: (request: RpcRequest) => Fate = () => "pass"): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    let swallowed = false;
    proxy.fate = (request) => {
      if (request.method !== "eth_sendRawTransaction" || swallowed) return then(request);
      swallowed = true;
      resolve();
      return { instead: { result: keccak256(request.params[0] as string) } };
    };
    return promise;
  }

  /** Somebody else with the same key, who pays more. */
  async function useNonce(nonce: number): Promise<void> {
    const raw = await new Wallet(key.privateKey.reveal()).signTransaction({
      type: 2,
      chainId: d.addresses.chainId,
      nonce,
      to: key.address,
      gasLimit: 21_000n,
      maxFeePerGas: 50n * GWEI,
      maxPriorityFeePerGas: 50n * GWEI,
    });
    await ask(chain.url, "eth_sendRawTransaction", [raw]);
    while ((await count()) <= nonce) await clock.sleep(100);
  }

  async function everyChunkOnce(id: BatchId, { chunks, data }: Sample): Promise<void> {
    assert.ok(Buffer.from(await d.client.data(id)).equals(data));
    const { events } = await d.client.events(0);
    const posted = events.filter((event) => event.batch === id && event.kind === "ChunkPosted");
    assert.equal(posted.length, chunks.length);
  }

  it("sends again what the node has dropped", async () => {
    const first = await count();
    const dropped = swallowFirst();
    const id = await client.openBatch(next().request);
    await dropped;
    assert.ok(await d.client.batch(id));
    assert.equal(await count(), first + 1);
    await shows("again");
  });

  it("posts all chunks when the first of many is dropped, and each once", async () => {
    const batch = next(6);
    const id = await client.openBatch(batch.request);
    await Promise.all([swallowFirst(), client.postChunks(id, batch.chunks)]);
    await everyChunkOnce(id, batch);
    await shows("again");
  });

  it("offers more when the base fee has risen above what it offered", async () => {
    const risen = (answer: { result?: unknown }) => ({
      ...answer,
      result: { ...(answer.result as Fields), baseFeePerGas: `0x${(5n * GWEI).toString(16)}` },
    });
    let raised = false;
    const dropped = swallowFirst(({ method }) =>
      raised && method === "eth_getBlockByNumber" ? risen : "pass",
    );
    void dropped.then(() => {
      raised = true;
    });
    const id = await client.openBatch(next().request);
    assert.ok(BigInt((await transactionOf(id)).maxFeePerGas!) > 10n * GWEI);
    await shows("raised");
  });

  it("is refused below the base fee, looks again, and offers enough", async () => {
    const floor = 40n * GWEI; // far above what the client thinks
    let refused = 0;
    proxy.fate = ({ method }) => {
      if (method !== "eth_sendRawTransaction" || refused > 0) return "pass";
      refused += 1;
      const message = `max fee per gas is lower than the base fee (${floor}): insufficient fee`;
      return { instead: { error: { code: -32_000, message } } };
    };
    const id = await client.openBatch(next().request);
    assert.ok(await d.client.batch(id));
    assert.equal(refused, 1);
    await shows("raised");
  });

  it("says so when its nonce went to another transaction, and takes the next one", async () => {
    const { request } = next();
    const nonce = await count("pending");
    const dropped = swallowFirst();
    const opened = assert.rejects(client.openBatch(request), hasCode("DA_NONCE"));
    await dropped;
    await useNonce(nonce);
    await opened;
    await shows("taken");
    assert.ok(await client.batch(await client.openBatch(request)));
  });

  it("posts what is missing after one of its chunks' nonces was used elsewhere", async () => {
    const batch = next(4);
    const id = await client.openBatch(batch.request);
    const nonce = await count("pending");
    const dropped = swallowFirst();
    const posted = assert.rejects(client.postChunks(id, batch.chunks), hasCode("DA_NONCE"));
    await dropped;
    await useNonce(nonce);
    await posted;
    await shows("taken");
    await client.postChunks(id, batch.chunks);
    await everyChunkOnce(id, batch);
  });

  it("takes the next nonce after the account was used elsewhere", async () => {
    await client.openBatch(next().request); // and keeps the next nonce in mind
    await useNonce(await count("pending"));
    assert.ok(await client.batch(await client.openBatch(next().request)));
  });

  it("loses nothing when its own node is killed while it posts", async () => {
    const [own] = chain.network.nodes;
    const batch = next(8);
    const id = await client.openBatch(batch.request);
    const posted = client.postChunks(id, batch.chunks).catch(() => undefined); // its node is gone
    await own!.kill();
    await posted;
    own!.start({ detached: false });
    await own!.waitForHeight(await chain.network.nodes[1]!.height(), 120_000);
    await client.postChunks(id, batch.chunks);
    await everyChunkOnce(id, batch);
  });
});

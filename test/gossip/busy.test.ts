import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { GossipNode, newPeerKey } from "../../gossip/index.ts";
import { silentLogger, systemClock } from "../../service/index.ts";
import { hasCode } from "../support/hasCode.ts";
import { batchNamed } from "./validators.ts";

const id = batchNamed(1);
const bytes = Uint8Array.of(1, 2, 3);

async function startNode(
  peers: readonly string[],
  data: () => Promise<Uint8Array | undefined> = async () => undefined,
  maxAnswers = 1,
): Promise<GossipNode> {
  const node = new GossipNode(
    { domain: 1n, peers, reconnectMs: 50, askTimeoutMs: 1_000, maxAnswers },
    {
      key: await newPeerKey(),
      judge: () => ({ kind: "waiting" }),
      holdings: { data, attestations: async () => [] },
      clock: systemClock,
      log: silentLogger,
    },
  );
  await node.start();
  after(() => node.stop());
  return node;
}

async function connected(node: GossipNode): Promise<GossipNode> {
  while (node.connected.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  return node;
}

describe("a node that is asked for many batches at once", { timeout: 60_000 }, () => {
  it("cuts off who comes above its limit, and answers again later", async () => {
    const asked = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<Uint8Array>();
    const holder = await startNode([], () => {
      asked.resolve();
      return gate.promise;
    });
    const [first, second] = await Promise.all([
      startNode(holder.addresses).then(connected),
      startNode(holder.addresses).then(connected),
    ]);
    const answer = first.fetchData(id, () => true);
    await asked.promise;
    await assert.rejects(
      second.fetchData(id, () => true),
      hasCode("PEERS_LACK_BATCH"),
    );
    gate.resolve(bytes);
    assert.deepEqual(new Uint8Array(await answer), bytes);
    assert.deepEqual(new Uint8Array(await second.fetchData(id, () => true)), bytes);
  });
});

describe("a node that asks for batches", { timeout: 60_000 }, () => {
  it("asks a peer last that has kept it waiting before", async () => {
    let asked = 0;
    const silent = await startNode(
      [],
      () => {
        asked++;
        return new Promise(() => {});
      },
      2,
    );
    const asks = await connected(await startNode(silent.addresses));
    const holder = await startNode(asks.addresses, async () => bytes);
    while (asks.connected.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    for (let i = 0; i < 2; i++) assert.deepEqual(new Uint8Array(await asks.fetchData(id, () => true)), bytes);
    assert.equal(asked, 1);
    assert.equal(holder.connected.length, 1);
  });
});

import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { multiaddr } from "@multiformats/multiaddr";
import { createNetwork, type Network } from "../../gossip/createNetwork.ts";
import { BATCH_PROTOCOL, type BatchKey, GossipNode, newPeerKey } from "../../gossip/index.ts";
import { readAll, writeAll } from "../../gossip/readAll.ts";
import { silentLogger, systemClock } from "../../service/index.ts";
import { hasCode } from "../support/hasCode.ts";
import { batchNamed } from "./validators.ts";

const id = batchNamed(1);
const idBytes = Buffer.from(id.slice(2), "hex");
const held = Uint8Array.of(7, 8, 9);
const never = new AbortController().signal;

/** A node that holds one batch. */
async function startNode(peers: readonly string[] = []): Promise<GossipNode> {
  const node = new GossipNode(
    { domain: 1n, peers, reconnectMs: 50, askTimeoutMs: 500 },
    {
      key: await newPeerKey(),
      judge: () => ({ kind: "waiting" }),
      holdings: {
        data: async (batch: BatchKey) => (batch === id ? held : undefined),
        attestations: async () => [],
      },
      clock: systemClock,
      log: silentLogger,
    },
  );
  await node.start();
  after(() => node.stop());
  return node;
}

/** A peer that keeps to libp2p and to nothing else. */
async function startRaw(): Promise<Network> {
  const network = await createNetwork({
    key: await newPeerKey(),
    listen: ["/ip4/127.0.0.1/tcp/0"],
    topic: "none",
  });
  await network.start();
  after(() => network.stop());
  return network;
}

describe("batch protocol", { timeout: 60_000 }, () => {
  /** @returns what the node answers to raw bytes; undefined when it cuts the stream */
  const ask = async (network: Network, node: GossipNode, question: Uint8Array, end = true) => {
    const stream = await network.dialProtocol(multiaddr(node.addresses[0]!), BATCH_PROTOCOL);
    try {
      if (end) await writeAll(stream, question, never);
      else stream.send(question);
      const answer = await readAll(stream, 100);
      return answer && answer.length > 0 ? [...answer] : undefined;
    } catch {
      return undefined;
    }
  };

  it("answers what it is asked, and goes on after whatever it refuses", async () => {
    const node = await startNode();
    const network = await startRaw();
    const good = Buffer.concat([Uint8Array.of(1), idBytes]);
    const refused: Record<string, Uint8Array> = {
      nothing: new Uint8Array(),
      "half an id": good.subarray(0, 20),
      "more than a question": Buffer.concat([good, new Uint8Array(1_000_000)]),
      "a question of no known kind": Buffer.concat([Uint8Array.of(9), idBytes]),
    };
    for (const [name, question] of Object.entries(refused))
      assert.equal(await ask(network, node, question), undefined, name);
    assert.equal(await ask(network, node, good, false), undefined, "a question that does not end is cut off");
    assert.deepEqual(await ask(network, node, good), [0, ...held]);
    assert.deepEqual(await ask(network, node, Buffer.concat([Uint8Array.of(1), new Uint8Array(32)])), [1]);
    assert.deepEqual(await ask(network, node, Buffer.concat([Uint8Array.of(2), idBytes])), [1]);
  });

  it("gets past peers that answer too much, nonsense, half, nothing, or never", async () => {
    const answers: Uint8Array[] = [
      new Uint8Array(7 << 20),
      Uint8Array.of(5, 5),
      Uint8Array.of(0),
      new Uint8Array(),
    ];
    const peers: string[] = [];
    for (const answer of answers) {
      const network = await startRaw();
      await network.handle(BATCH_PROTOCOL, (stream) => writeAll(stream, answer, never).catch(() => {}));
      peers.push(network.getMultiaddrs()[0]!.toString());
    }
    const silent = await startRaw();
    await silent.handle(BATCH_PROTOCOL, () => {});
    const without = await startRaw();
    const honest = await startNode();
    const node = await startNode([
      ...peers,
      silent.getMultiaddrs()[0]!.toString(),
      without.getMultiaddrs()[0]!.toString(),
      ...honest.addresses,
    ]);
    while (node.connected.length < 7) await new Promise((resolve) => setTimeout(resolve, 10));
    const isRight = (data: Uint8Array) => Buffer.compare(data, held) === 0;
    assert.ok(isRight(await node.fetchData(id, isRight)));
    await assert.rejects(node.fetchData(batchNamed(2), isRight), hasCode("PEERS_LACK_BATCH"));
  });
});

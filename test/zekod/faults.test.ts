import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { BatchId } from "../../da/index.ts";
import { CHUNK_BYTES } from "../../protocol/index.ts";
import { connect, type Deployment, deployment, sampleBatch } from "../da/support/deployment.ts";
import { ask, fundedKeys } from "../da/support/hardhatNode.ts";
import { type ZekodNetwork, zekodNetwork } from "./support/zekodNetwork.ts";

const CATCH_UP_MS = 120_000;

describe("four nodes of our own chain, when nodes fail", () => {
  let chain: ZekodNetwork;
  let d: Deployment;
  let number = 0n;
  before(async () => {
    chain = await zekodNetwork(4);
    d = await deployment(chain.url);
  });
  after(async () => {
    d?.client.close();
    await chain?.close();
  });

  /** Posts a batch of eight chunks, and does something while they are on their way. */
  async function postWhile(happens: () => Promise<void>): Promise<{ id: BatchId; data: Uint8Array }> {
    const batch = sampleBatch(d.rollup, 8 * CHUNK_BYTES, ++number);
    const id = await d.client.openBatch(batch.request);
    await Promise.all([d.client.postChunks(id, batch.chunks), happens()]);
    return { id, data: batch.data };
  }

  it("carries a batch while one node is killed, which catches up when it is started again", async () => {
    const [, , , last] = chain.network.nodes;
    const { id, data } = await postWhile(() => last!.kill());
    assert.ok(Buffer.from(await d.client.data(id)).equals(data));
    const height = await chain.network.nodes[0]!.height();
    last!.start({ detached: false });
    await last!.waitForHeight(height, CATCH_UP_MS);
    const own = await connect(last!.url, d.addresses, fundedKeys[1]);
    assert.ok(Buffer.from(await own.data(id)).equals(data));
    own.close();
  });

  it("stands still without a third of the stake, and goes on where it stopped when that is back", async () => {
    const [first, , third, fourth] = chain.network.nodes;
    const { id, data } = await postWhile(async () => {
      await Promise.all([third!.stop(), fourth!.stop()]);
      const halted = await standsStill(chain.url);
      third!.start({ detached: false });
      fourth!.start({ detached: false });
      await first!.waitForHeight(halted + 2, CATCH_UP_MS);
    });
    assert.ok(Buffer.from(await d.client.data(id)).equals(data));
  });

  it("has one history on all nodes in the end", async () => {
    const height = await chain.network.nodes[0]!.height();
    for (const node of chain.network.nodes) await node.waitForHeight(height, CATCH_UP_MS);
    const block = [`0x${height.toString(16)}`, false];
    const heads = await Promise.all(
      chain.network.urls.map((url) => ask(url, "eth_getBlockByNumber", block) as Promise<{ hash: string }>),
    );
    assert.deepEqual(new Set(heads.map(({ hash }) => hash)).size, 1);
  });
});

/** Waits until ten looks in a row, over five block times, found the same head. @returns its height */
async function standsStill(url: string): Promise<number> {
  let height = -1;
  for (let same = 0; same < 10; ) {
    const now = Number(await ask(url, "eth_blockNumber"));
    same = now === height ? same + 1 : 0;
    height = now;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return height;
}

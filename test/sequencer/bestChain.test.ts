import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { BlockRecord } from "../../sequencer/chain/BlockRecord.ts";
import { SequencerBackend } from "../../sequencer/graphql/SequencerBackend.ts";

const network = {} as never;

/** A chain of empty blocks on genesis, and how often its store was read. */
function chainOf(length: number) {
  const block = (height: bigint): BlockRecord => ({
    height,
    hash: 1000n + height,
    parent: 999n + height,
    slot: height,
    timestampMs: 0n,
    signature: null,
    transactions: [],
  });
  const blocks = Array.from({ length }, (_, i) => block(BigInt(i + 1)));
  const chain = { blocks, reads: 0, grow: () => blocks.push(block(BigInt(blocks.length + 1))) };
  const store = {
    blocks: async (from: bigint, to: bigint) => {
      chain.reads++;
      return blocks.slice(Number(from) - 1, Number(to) - 1);
    },
  };
  const tip = {
    get tip() {
      return blocks.at(-1)!;
    },
  };
  const backend = new SequencerBackend({ network, domain: 7n }, { chain: tip, store } as never);
  return { ...chain, chain, backend };
}

const heights = async (backend: SequencerBackend, maxLength: number) =>
  (await backend.bestChain(maxLength)).map(({ height }) => height);

describe("bestChain", { timeout: 60_000 }, () => {
  it("answers from the tip down, as many as asked for, with genesis at the end", async () => {
    const { backend } = chainOf(3);
    assert.deepEqual(await heights(backend, 2), [3, 2]);
    assert.deepEqual(await heights(backend, 10), [3, 2, 1, 0]);
  });

  it("reads the disk once for a request that asks many times over", async () => {
    const { backend, chain } = chainOf(5);
    const answers = await Promise.all(Array.from({ length: 20 }, () => heights(backend, 4)));
    assert.deepEqual(new Set(answers.map(String)), new Set(["5,4,3,2"]));
    assert.deepEqual(await heights(backend, 1), [5]);
    assert.equal(chain.reads, 1);
  });

  it("reads anew when the tip has moved", async () => {
    const { backend, chain } = chainOf(2);
    assert.deepEqual(await heights(backend, 1), [2]);
    chain.grow();
    assert.deepEqual(await heights(backend, 1), [3]);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { L1Account, L1Block } from "../../l1/index.ts";
import { hash, publicKeyToBase58, tags } from "../../protocol/index.ts";
import { L1Finality } from "../../signer/index.ts";
import { testKey } from "../ledger/support/commands.ts";

const outerKey = testKey(7).publicKey;
/** H(S) of a state whose two fields are both `n`. */
const stateOf = (n: bigint) => hash(tags.state, [n, n]);

/** A best chain whose tip holds a state; a test adds blocks, or takes some away and puts others there. */
class Chain {
  #blocks: (L1Block & { readonly state: bigint })[] = [];
  /** What an answer is followed by: a test moves the tip between two answers. */
  between: () => void = () => {};

  add(state: bigint, fork = ""): void {
    const height = this.#blocks.length + 1;
    const stateHash = `3N${height}${fork}`;
    this.#blocks.push({ height, stateHash, previousStateHash: "", slot: height, commands: [], state });
  }
  drop(count: number): void {
    this.#blocks.splice(-count);
  }
  client() {
    return {
      blocks: async (length: number) => this.#blocks.slice(-length),
      account: async (key: string): Promise<L1Account> => {
        assert.equal(key, publicKeyToBase58(outerKey));
        const { state } = this.#blocks.at(-1)!;
        this.between();
        const appState = [state, 0n, 0n, 0n, state, 0n, 0n, 0n];
        const zkapp = { appState, actionState: [], verificationKeyHash: null, provedState: true };
        return {
          publicKey: key,
          tokenId: "",
          balance: 0n,
          nonce: 0,
          inferredNonce: 0,
          permissions: {},
          zkapp,
        };
      },
    };
  }
}

function finality(depth = 2) {
  const chain = new Chain();
  return { chain, look: () => new L1Finality({ outerKey, depth }, { l1: chain.client() }) };
}

describe("L1Finality", () => {
  it("names a state once its block is deep enough", async () => {
    const { chain, look } = finality();
    const l1 = look();
    chain.add(1n);
    assert.equal(await l1.look(), undefined);
    chain.add(1n);
    assert.equal(await l1.look(), undefined);
    chain.add(2n);
    assert.equal(await l1.look(), stateOf(1n));
  });

  it("forgets what a reorganisation took away", async () => {
    const { chain, look } = finality();
    const l1 = look();
    chain.add(1n);
    await l1.look();
    chain.add(2n);
    await l1.look();
    chain.drop(1);
    chain.add(3n, "fork");
    await l1.look();
    chain.add(3n, "fork");
    assert.equal(await l1.look(), stateOf(1n));
    chain.add(3n, "fork");
    assert.equal(await l1.look(), stateOf(3n), "never the state of the lost block");
  });

  it("does not take for final what L1 lost while nobody looked", async () => {
    const { chain, look } = finality(1);
    const l1 = look();
    chain.add(1n);
    await l1.look();
    chain.add(2n, "orphan");
    await l1.look();
    chain.drop(1);
    for (let i = 0; i < 300; i++) chain.add(3n, "fork");
    assert.equal(await l1.look(), undefined, "nothing that was seen leads to this tip for certain");
    chain.add(3n, "fork");
    assert.equal(await l1.look(), stateOf(3n));
  });

  it("does not pair a block with the state of the next one", async () => {
    const { chain, look } = finality(1);
    const l1 = look();
    chain.add(1n);
    let moved = false;
    chain.between = () => {
      if (!moved) chain.add(2n);
      moved = true;
    };
    await l1.look();
    await l1.look();
    chain.add(2n);
    assert.equal(await l1.look(), stateOf(2n));
  });

  it("still knows it after many looks at an unchanged tip", async () => {
    const { chain, look } = finality(1);
    const l1 = look();
    chain.add(1n);
    await l1.look();
    chain.add(2n);
    for (let i = 0; i < 5; i++) assert.equal(await l1.look(), stateOf(1n));
  });
});

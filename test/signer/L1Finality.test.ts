import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openRecordStore, type RecordStore } from "../../gossip/index.ts";
import type { L1Account, L1Block } from "../../l1/index.ts";
import { hash, publicKeyToBase58, tags } from "../../protocol/index.ts";
import { L1Finality } from "../../signer/index.ts";
import { SignerStore } from "../../signer/SignerStore.ts";
import { testKey } from "../ledger/support/commands.ts";
import { temporaryDirectory } from "../support/temporaryDirectory.ts";

const root = temporaryDirectory();
let stores = 0;
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
        const appState = [state, 0n, 0n, 0n, state, 0n, state, 0n];
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

  describe("with a store", () => {
    /** Each look in a process of its own, on one directory. */
    const restarting = async (depth: number) => {
      const { chain, look } = finality(depth);
      const directory = join(root, String(stores++));
      const inOneProcess = async (write?: (records: RecordStore) => RecordStore) => {
        const records = await openRecordStore(directory);
        try {
          const l1 = look();
          await l1.remember(new SignerStore(write?.(records) ?? records).outerSightings);
          const before = l1.validators;
          return { before, state: await l1.look(), after: l1.validators };
        } finally {
          await records.close();
        }
      };
      return { chain, inOneProcess };
    };

    it("counts on over a restart at every block", async () => {
      const { chain, inOneProcess } = await restarting(2);
      chain.add(1n);
      assert.equal((await inOneProcess()).state, undefined);
      chain.add(2n);
      assert.equal((await inOneProcess()).state, undefined);
      chain.add(2n);
      const third = await inOneProcess();
      assert.deepEqual(third, { before: undefined, state: stateOf(1n), after: 1n });
      chain.add(3n);
      assert.equal((await inOneProcess()).state, stateOf(2n));
    });

    it("is not final sooner for a restart: what was seen must still stand", async () => {
      const { chain, inOneProcess } = await restarting(2);
      chain.add(1n);
      await inOneProcess();
      chain.drop(1);
      for (let i = 0; i < 3; i++) chain.add(3n, "fork");
      assert.equal((await inOneProcess()).state, undefined);
      chain.add(3n, "fork");
      assert.equal((await inOneProcess()).state, undefined);
      chain.add(3n, "fork");
      assert.equal((await inOneProcess()).state, stateOf(3n));
    });

    it("begins anew after more blocks than a node tells of", async () => {
      const { chain, inOneProcess } = await restarting(1);
      chain.add(1n);
      await inOneProcess();
      for (let i = 0; i < 300; i++) chain.add(2n);
      assert.equal((await inOneProcess()).state, undefined);
      chain.add(2n);
      assert.equal((await inOneProcess()).state, stateOf(2n));
    });

    it("goes on from what was written when a write fails", async () => {
      const { chain, inOneProcess } = await restarting(1);
      chain.add(1n);
      await inOneProcess();
      chain.add(2n);
      const full = (records: RecordStore): RecordStore => ({
        ...{ get: (key) => records.get(key), range: (...range) => records.range(...range) },
        close: () => records.close(),
        write: () => Promise.reject(new Error("disk full")),
      });
      await assert.rejects(inOneProcess(full), /disk full/);
      assert.equal((await inOneProcess()).state, stateOf(1n));
    });
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

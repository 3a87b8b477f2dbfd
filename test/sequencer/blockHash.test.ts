import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { NONCE_BASE } from "../../protocol/index.ts";
import { blockHash, genesisBlock } from "../../sequencer/chain/blockHash.ts";
import { transfer } from "../ledger/support/commands.ts";
import { alice, bob, MINA } from "./support/testDeployment.ts";

describe("a block's hash", () => {
  const pay = transfer({ from: alice, to: bob.publicKey, amount: 1n, nonce: NONCE_BASE, fee: MINA });
  const block = { ...genesisBlock(1n), transactions: [{ hash: "5J", command: pay }] };
  const base = blockHash(1n, block);

  it("is the same for the same block", () => assert.equal(blockHash(1n, block), base));
  const others = {
    height: { ...block, height: 1n },
    slot: { ...block, slot: 1n },
    timestampMs: { ...block, timestampMs: 1n },
    parent: { ...block, parent: 1n },
    transactions: { ...block, transactions: [] },
  };
  for (const [name, other] of Object.entries(others))
    it(`is another with another ${name}`, () => assert.notEqual(blockHash(1n, other), base));
  it("is another in another deployment", () => assert.notEqual(blockHash(2n, block), base));
});

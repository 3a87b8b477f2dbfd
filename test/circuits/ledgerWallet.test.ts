import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { AccountUpdate, Mina, PrivateKey, UInt64 } from "o1js";
import {
  feesRule,
  feesWitness,
  ledgerLeaves,
  signedRule,
  signedWitness,
} from "../../circuits/ledger/index.ts";
import { publicKeyFrom } from "../../circuits/mina/index.ts";
import { type ExecutedBatch, executeBatch, genesisSnapshot } from "../../ledger/index.ts";
import { commandFromJson, publicKeyFromBase58, type ZkappCommand } from "../../protocol/index.ts";
import { testKey } from "../ledger/support/commands.ts";
import { testGenesis } from "../ledger/support/genesis.ts";
import { ledgerBatch, testContext } from "./support/transferBatch.ts";

// On Mina nonces start at 0; nothing else differs from our rules.
const genesis = { ...testGenesis(3), nonceBase: 0n };
const STEPS = 8;
const keyOf = (n: number) => PrivateKey.fromBase58(testKey(n).privateKey);
const addressOf = (n: number) => keyOf(n).toPublicKey();

/** What stock o1js makes of a transaction, once Mina's own ledger inside o1js has accepted it. */
async function send(from: number, signers: number[], build: () => Promise<void>): Promise<ZkappCommand> {
  const tx = await Mina.transaction(
    { sender: addressOf(from), fee: 10_000_000, memo: "from a wallet" },
    build,
  );
  await tx.sign([from, ...signers].map(keyOf)).send();
  return commandFromJson(JSON.parse(tx.toJSON()));
}

describe("commands made by stock o1js", () => {
  let batch: ExecutedBatch;

  before(async () => {
    const chain = await Mina.LocalBlockchain({ proofsEnabled: false });
    Mina.setActiveInstance(chain);
    for (const { publicKey, balance } of genesis.allocations)
      chain.addAccount(publicKeyFrom(publicKey), balance.toString());
    const commands = [
      await send(0, [], async () => {
        AccountUpdate.createSigned(addressOf(0)).send({ to: addressOf(1), amount: UInt64.from(5) });
      }),
      await send(0, [], async () => {
        AccountUpdate.fundNewAccount(addressOf(0));
        AccountUpdate.createSigned(addressOf(0)).send({
          to: addressOf(60),
          amount: UInt64.from(3_000_000_000),
        });
      }),
      await send(1, [2], async () => {
        const sender = AccountUpdate.createSigned(addressOf(2));
        sender.send({ to: addressOf(60), amount: UInt64.from(7) });
        AccountUpdate.createIf(UInt64.from(1).equals(UInt64.from(1)), addressOf(1));
      }),
    ];
    const blocks = [{ slot: 0n, timestampMs: 0n, commands }];
    const feeRecipient = testKey(2).publicKey;
    batch = executeBatch(genesisSnapshot(genesis), { blocks, feeRecipient }, { traces: true });
  });

  it("pass the rules of the circuit", () => {
    const { signed, fees } = ledgerLeaves(ledgerBatch(batch, { ...testContext, nonceBase: 0n }), STEPS);
    assert.ok(signed.length > 1);
    for (const leaf of signed) {
      const { statement, opening, steps } = signedWitness(leaf, STEPS);
      signedRule(statement, opening, steps);
    }
    const { statement, opening, payout } = feesWitness(fees);
    feesRule(statement, opening, payout);
  });

  it("leave accounts as Mina's own ledger does", () => {
    for (const n of [0, 1, 60]) {
      const theirs = Mina.getAccount(addressOf(n));
      const ours = batch.target.ledger.find(publicKeyFromBase58(addressOf(n).toBase58()));
      assert.equal(ours?.balance, theirs.balance.toBigInt());
      assert.equal(ours?.nonce, theirs.nonce.toBigint());
      assert.equal(ours?.receiptChainHash, theirs.receiptChainHash.toBigInt());
    }
  });
});

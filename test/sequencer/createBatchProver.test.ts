import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Prover } from "../../circuits/index.ts";
import { type AccountsInput, indexAfter, indexHash, indexStart } from "../../circuits/indexed/index.ts";
import {
  afterFees,
  afterSigned,
  type FeesInput,
  feesWitness,
  ledgerHash,
  type SignedInput,
  STEPS_PER_PROOF,
  signedWitness,
} from "../../circuits/ledger/index.ts";
import { type JoinInput, joinTarget, joinWitness } from "../../circuits/wrapper/index.ts";
import { BatchExecution, genesisSnapshot } from "../../ledger/index.ts";
import { contextHash, domainOf, ledgerConstants, NONCE_BASE } from "../../protocol/index.ts";
import { createBatchProver } from "../../sequencer/index.ts";
import { decodeTagged, encodeTagged } from "../../sequencer/store/taggedJson.ts";
import { testKey, transfer } from "../ledger/support/commands.ts";
import { alice, feeRecipient, MINA, testGenesis } from "./support/testDeployment.ts";

type Leaf = { program: "ledger" } & (
  | { branch: "signed"; input: SignedInput }
  | { branch: "fees"; input: FeesInput }
);

const genesis = testGenesis();
const constants = ledgerConstants(genesis);
const { plan: planOfBatch } = createBatchProver(
  { constants, domain: domainOf(genesis), outerKey: genesis.outerKey, feePayer: genesis.sequencer },
  { prover: noProver() },
);

function noProver(): Prover {
  const none = () => Promise.reject(new Error("nothing is proved here"));
  return { prove: none, transaction: none, stop: async () => {} };
}

/** A batch of so many transfers, each to a new account. */
function planOf(transfers: number) {
  const execution = new BatchExecution(genesisSnapshot(genesis), { traced: true });
  execution.openBlock(100n, 1n);
  for (let i = 0; i < transfers; i++)
    execution.apply(
      transfer({
        from: alice,
        to: testKey(100 + i).publicKey,
        amount: MINA,
        nonce: NONCE_BASE + BigInt(i),
        fee: MINA,
        creationFee: MINA,
      }),
    );
  const executed = execution.finish(feeRecipient.publicKey);
  // As it comes back from the database.
  const plan = decodeTagged<ReturnType<typeof planOfBatch>>(encodeTagged(planOfBatch(executed)));
  return { executed, plan };
}

describe("the proofs of a batch", () => {
  for (const transfers of [0, 1, 12]) {
    const { executed, plan } = planOf(transfers);
    const leaves = plan.ledger as Leaf[];

    it(`of ${transfers} transfers: every leaf of the execution starts where the one before it ends`, () => {
      // Four updates a transfer, the fee payer's among them.
      assert.equal(leaves.length, Math.ceil((4 * transfers) / STEPS_PER_PROOF) + 1);
      const ends = leaves.map((leaf) =>
        leaf.branch === "signed" ? afterSigned(leaf.input) : afterFees(leaf.input),
      );
      for (const [i, { input }] of leaves.slice(1).entries())
        assert.equal(ledgerHash(input.from), ledgerHash(ends[i]!), `leaf ${i + 1}`);
      assert.equal(leaves.at(-1)!.branch, "fees");
    });

    it(`of ${transfers} transfers: every leaf has a witness`, () => {
      for (const leaf of leaves) {
        const { statement } =
          leaf.branch === "signed" ? signedWitness(leaf.input, STEPS_PER_PROOF) : feesWitness(leaf.input);
        assert.equal(statement.from.toBigInt(), ledgerHash(leaf.input.from));
      }
    });

    it(`of ${transfers} transfers: the maps' leaves enter every new account once`, () => {
      const index = (plan.index as { input: AccountsInput }[]).map(({ input }) => input);
      assert.ok(index.length > 0);
      let from = indexStart(contextHash(constants), executed.source.state);
      for (const leaf of index) {
        assert.equal(indexHash(leaf.from), indexHash(from));
        from = indexAfter(leaf);
      }
      assert.equal(from.accountsRoot, executed.target.state.accountsRoot);
      assert.equal(index.flatMap(({ inserts }) => inserts).length, transfers);
    });

    it(`of ${transfers} transfers: the join leads to the executed state`, () => {
      const join = plan.join as JoinInput;
      assert.deepEqual(joinTarget(join), executed.target.state);
      assert.doesNotThrow(() => joinWitness(join));
    });
  }
});

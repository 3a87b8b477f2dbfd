import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { Mina, PublicKey, setBackend, verify } from "o1js";
import {
  ChildProver,
  defaultCacheDirectory,
  deployTransaction,
  type ProofJson,
  type Prover,
  ProverError,
  type ProvingCost,
  planBatch,
  proofsInMemory,
  proveBatch,
  proverOptions,
  readKey,
  signTransaction,
  WrapperErrors,
} from "../../circuits/index.ts";
import type { ExecutedBatch } from "../../ledger/index.ts";
import {
  allocated,
  ledgerConstants,
  type OuterState,
  outerAfterCommit,
  outerFields,
  publicKeyToBase58,
} from "../../protocol/index.ts";
import {
  attested,
  commitOf,
  emptyBatch,
  firstBatch,
  genesis,
  outerKey,
  outerStart,
  planInSmallSteps,
  sequencer,
} from "./support/rollupFixture.ts";

setBackend("native");

// Row counts and `proofsEnabled: false` cannot see faults inside Pickles: every branch of every program is proved here.
const costs: ProvingCost[] = [];
const options = proverOptions(defaultCacheDirectory(process.env));
const prover: Prover = new ChildProver(options, { onCost: (cost) => costs.push(cost) });
after(() => prover.stop());

const address = PublicKey.fromBase58(publicKeyToBase58(outerKey.publicKey));
const fee = 100_000_000n;

/** Whether the pinned key of its program takes this proof. */
const isProofOf = (program: Parameters<typeof readKey>[0], proof: ProofJson) =>
  verify(proof, readKey(program).data);

describe("every branch of every program, with real proofs", () => {
  const kept = proofsInMemory();
  const wrappers: ProofJson[] = [];
  const quorums: ProofJson[] = [];

  it("proves a batch with new accounts: ledger.signed, ledger.fees, ledger.merge, index.accounts, index.merge, wrapper.join", async () => {
    const wrapper = await proveBatch(planInSmallSteps(firstBatch), prover, kept);
    assert.equal(await isProofOf("wrapper", wrapper), true);
    assert.equal(await isProofOf("ledger", (await kept.get("ledger.merge.0"))!), true);
    assert.equal(await isProofOf("index", (await kept.get("index.merge.0"))!), true);
    wrappers.push(wrapper);
  });

  it("refuses proofs of another program in a place that pins one, and a proof of another range", async () => {
    const { join } = planInSmallSteps(firstBatch);
    const [ledger, index] = [await kept.get("ledger.merge.0"), await kept.get("index.merge.0")] as [
      ProofJson,
      ProofJson,
    ];
    const wrong: [ProofJson, string][] = [
      [{ ...index, publicInput: ledger.publicInput }, "not of the pinned program"],
      [(await kept.get("ledger.0"))!, WrapperErrors.wrongLedgerEnd],
    ];
    for (const [other, reason] of wrong) {
      const input = { ...join, ledger: other, index };
      await assert.rejects(prover.prove({ program: "wrapper", branch: "join", input }), (error) => {
        assert.ok(error instanceof ProverError && error.code === "CIRCUIT_REFUSED", String(error));
        return error.message.includes(reason);
      });
    }
  });

  it("proves an empty batch, from one range each", async () => {
    const plan = planBatch(emptyBatch, ledgerConstants(genesis));
    wrappers.push(await proveBatch(plan, prover, proofsInMemory()));
  });

  it("proves quorums: quorum.verify16, quorum.verify64", async () => {
    const input = attested(firstBatch);
    quorums.push(await prover.prove({ program: "quorum", branch: "verify16", input }));
    quorums.push(await prover.prove({ program: "quorum", branch: "verify64", input: attested(emptyBatch) }));
    for (const proof of quorums) assert.equal(await isProofOf("quorum", proof), true);
  });

  it("has both batches accepted by the outer contract: outer.commit, after either quorum branch", async () => {
    const chain = await Mina.LocalBlockchain({ proofsEnabled: true });
    Mina.setActiveInstance(chain);
    chain.addAccount(PublicKey.fromBase58(publicKeyToBase58(sequencer.publicKey)), "10000000000000");
    await send(deployJson());
    let outer: OuterState = outerStart;
    for (const [i, batch] of [firstBatch, emptyBatch].entries()) {
      chain.setGlobalSlot(Number(batch.target.state.lastSlot) + 1);
      await send(await commitJson(batch, outer, i));
      outer = outerAfterCommit(outer, batch.target.state, batch.landBy);
      assert.deepEqual(fieldsOn(chain), outerFields(outer));
    }
  });

  it("says what it cost", (t) => {
    for (const { program, branch, proveMs, compileMs, peakMb } of costs) {
      const keys = compileMs > 0 ? `, keys ${(compileMs / 1000).toFixed(1)} s` : "";
      t.diagnostic(`${program}.${branch}: ${(proveMs / 1000).toFixed(1)} s${keys}, ${peakMb} MB`);
    }
    assert.equal(new Set(costs.map(({ program, branch }) => `${program}.${branch}`)).size, 9);
  });

  const feePayer = (nonce: bigint) => ({ publicKey: publicKeyToBase58(sequencer.publicKey), fee, nonce });

  function deployJson(): string {
    return deployTransaction({
      outerKey: address.toBase58(),
      allocated: allocated(genesis),
      state: outerStart,
      feePayer: feePayer(0n),
    });
  }

  function commitJson(batch: ExecutedBatch, outer: OuterState, i: number): Promise<string> {
    const proofs = { wrapper: wrappers[i]!, quorum: quorums[i]! };
    const input = commitOf(batch, outer, proofs, feePayer(BigInt(i) + 1n));
    return prover.transaction({ program: "outer", branch: "commit", input });
  }
});

async function send(json: string): Promise<void> {
  const keys = { feePayer: sequencer.privateKey, others: [outerKey.privateKey] };
  const signed = signTransaction(json, keys, "devnet");
  await Mina.Transaction.fromJSON(JSON.parse(signed)).send();
}

function fieldsOn(chain: Awaited<ReturnType<typeof Mina.LocalBlockchain>>): bigint[] {
  return chain.getAccount(address).zkapp!.appState.map((field) => field.toBigInt());
}

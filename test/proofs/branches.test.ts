import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { Mina, PublicKey, setBackend, verify } from "o1js";
import {
  ChildProver,
  type CommitTransaction,
  defaultCacheDirectory,
  deployTransaction,
  OuterErrors,
  type ProofJob,
  type ProofJson,
  type Prover,
  ProverError,
  type ProvingCost,
  planBatch,
  proofsInMemory,
  proveBatch,
  proverOptions,
  QuorumErrors,
  type QuorumInput,
  readKey,
  signTransaction,
  WrapperErrors,
} from "../../circuits/index.ts";
import type { ExecutedBatch } from "../../ledger/index.ts";
import {
  allocated,
  landingWindow,
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
  nextSet,
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
const payer = PublicKey.fromBase58(publicKeyToBase58(sequencer.publicKey));
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
      await assert.rejects(prover.prove({ program: "wrapper", branch: "join", input }), refused(reason));
    }
  });

  it("proves an empty batch, from one range each", async () => {
    const plan = planBatch(emptyBatch, ledgerConstants(genesis));
    wrappers.push(await proveBatch(plan, prover, proofsInMemory()));
  });

  it("proves quorums: quorum.verify16, quorum.verify64", async () => {
    const input = attested(firstBatch);
    quorums.push(await prover.prove({ program: "quorum", branch: "verify16", input }));
    quorums.push(
      await prover.prove({
        program: "quorum",
        branch: "verify64",
        input: attested(emptyBatch, genesis, nextSet),
      }),
    );
    for (const proof of quorums) assert.equal(await isProofOf("quorum", proof), true);
  });

  it("refuses to prove a quorum that is none: one short, over something else, or with a signer listed twice", async () => {
    const good = attested(firstBatch);
    const [first, ...rest] = good.set.members;
    const elsewhere = { ...genesis, da: { ...genesis.da, salt: 1n } };
    const faults: [string, Partial<QuorumInput>, string][] = [
      ["one short", { attestations: good.attestations.slice(1) }, QuorumErrors.belowThreshold],
      ["another batch", { attestations: attested(emptyBatch).attestations }, QuorumErrors.badSignature],
      [
        "another rollup",
        { attestations: attested(firstBatch, elsewhere).attestations },
        QuorumErrors.badSignature,
      ],
      [
        "twice",
        { set: { ...good.set, members: [first!, first!, ...rest.slice(1)] } },
        QuorumErrors.keysNotAscending,
      ],
    ];
    for (const [name, fault, reason] of faults) {
      const input = { ...good, ...fault };
      await assert.rejects(
        prover.prove({ program: "quorum", branch: "verify16", input }),
        refused(reason),
        name,
      );
    }
  });

  it("refuses to join a range that starts inside a crafted command", async () => {
    const { join, ledger } = planInSmallSteps(firstBatch);
    const [leaf] = ledger as Extract<ProofJob, { branch: "signed" }>[];
    const { from } = leaf!.input;
    const crafted = { ...from, local: { ...from.local, excess: 1_000_000_000n } };
    const input = { ...leaf!.input, from: crafted, updates: [] };
    const idle = await prover.prove({ program: "ledger", branch: "signed", input });
    const index = (await kept.get("index.merge.0"))!;
    await assert.rejects(
      prover.prove({ program: "wrapper", branch: "join", input: { ...join, ledger: idle, index } }),
      refused(WrapperErrors.wrongLedgerStart),
    );
  });

  it("refuses a commit whose quorum, data or source is not this batch's and this account's", async () => {
    const good = commitOf(
      firstBatch,
      outerStart,
      { wrapper: wrappers[0]!, quorum: quorums[0]! },
      feePayer(1n),
    );
    const otherSet = { ...genesis.validators, epoch: 2n };
    const input = attested(firstBatch, genesis, otherSet);
    const foreign = await prover.prove({ program: "quorum", branch: "verify16", input });
    const faults: [string, Partial<CommitTransaction>, string][] = [
      ["another validator set", { quorum: foreign }, OuterErrors.wrongValidators],
      ["a quorum over another batch", { quorum: quorums[1]! }, OuterErrors.wrongMessage],
      ["a changed data root", { dataRoot: good.dataRoot + 1n }, OuterErrors.wrongMessage],
      [
        "a wrong source",
        { outer: { ...outerStart, core: outerStart.core + 1n } },
        OuterErrors.wrongStatement,
      ],
      [
        "another deployment",
        { domain: { ...good.domain, inbox: good.domain.inbox + 1n } },
        OuterErrors.wrongDomain,
      ],
    ];
    for (const [name, fault, reason] of faults) {
      const job = { program: "outer", branch: "commit", input: { ...good, ...fault } } as const;
      await assert.rejects(prover.transaction(job), refused(reason), name);
    }
  });

  it("has both batches accepted, by the set in its grace and by the next one: outer.commit, after either quorum branch", async () => {
    const chain = await Mina.LocalBlockchain({ proofsEnabled: true });
    Mina.setActiveInstance(chain);
    chain.addAccount(payer, "10000000000000");
    await send(deployJson());
    await assert.rejects(
      send(deployJson()),
      /permission for this field is 'Proof'/,
      "a second initialisation",
    );
    let outer: OuterState = outerStart;
    for (const [i, batch] of [firstBatch, emptyBatch].entries()) {
      const commit = await commitJson(batch, outer, i);
      const { upper } = landingWindow(outer, batch.target.state, batch.landBy);
      chain.setGlobalSlot(Number(upper) + 1);
      await assert.rejects(
        send(commit),
        /Protocol_state_precondition_unsatisfied/,
        "a landing after its window",
      );
      chain.setGlobalSlot(Number(batch.target.state.lastSlot) + 1);
      await send(commit);
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

/** Signs with the fee payer's next nonce: a command that L1 refused may have used one up. */
async function send(json: string): Promise<void> {
  const keys = { feePayer: sequencer.privateKey, others: [outerKey.privateKey] };
  const command = JSON.parse(json);
  command.feePayer.body.nonce = Mina.getAccount(payer).nonce.toString();
  const signed = signTransaction(JSON.stringify(command), keys, "devnet");
  await Mina.Transaction.fromJSON(JSON.parse(signed)).send();
}

/** The prover refused, for this reason. */
function refused(reason: string) {
  return (error: unknown) => {
    assert.ok(error instanceof ProverError && error.code === "CIRCUIT_REFUSED", String(error));
    assert.ok(error.message.includes(reason), error.message);
    return true;
  };
}

function fieldsOn(chain: Awaited<ReturnType<typeof Mina.LocalBlockchain>>): bigint[] {
  return chain.getAccount(address).zkapp!.appState.map((field) => field.toBigInt());
}

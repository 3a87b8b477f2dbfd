import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Provable } from "o1js";
import {
  afterFees,
  afterSigned,
  EMPTY_LOCAL,
  feesRule,
  feesWitness,
  LedgerErrors,
  LedgerState,
  LedgerStatement,
  ledgerHash,
  ledgerLeaves,
  localHash,
  Opening,
  type SignedInput,
  STEPS_PER_PROOF,
  signedRule,
  signedSteps,
  signedWitness,
} from "../../circuits/ledger/index.ts";
import { accountIdKey, hash, tags } from "../../protocol/index.ts";
import { commandsOfEachKind, executeCommands, ledgerBatch } from "./support/transferBatch.ts";

const batch = executeCommands(commandsOfEachKind);
const traced = ledgerBatch(batch);

function applySigned(input: SignedInput, steps: number): void {
  const witness = signedWitness(input, steps);
  signedRule(witness.statement, witness.opening, witness.steps);
}

describe("a batch of transfers", () => {
  for (const steps of [1, 4, 27]) {
    it(`is led by the rules where the executor led it, ${steps} updates a proof`, () => {
      const { signed, fees } = ledgerLeaves(traced, steps);
      assert.equal(signed.length, Math.ceil(traced.traces.updates.length / steps));
      for (const leaf of signed) applySigned(leaf, steps);
      const { statement, opening, payout } = feesWitness(fees);
      feesRule(statement, opening, payout);
    });
  }

  it("ends at the executor's target state", () => {
    const end = afterFees(ledgerLeaves(traced, 27).fees);
    const { state } = batch.target;
    assert.equal(end.ledgerRoot, state.ledgerRoot);
    assert.equal(end.slot, state.lastSlot);
    assert.equal(end.fees, 0n);
    assert.equal(localHash(end.local), EMPTY_LOCAL.toBigInt());
    const fold = batch.newAccounts.reduce(
      (f, { publicKey, index }) => hash(tags.newAccount, [f, accountIdKey(publicKey), index]),
      0n,
    );
    assert.equal(end.newAccounts, fold);
  });

  it("leaves each proof where the next one starts, also in the middle of a command", () => {
    const { signed, fees } = ledgerLeaves(traced, 3);
    const starts = [...signed.map(({ from }) => from), fees.from];
    for (const [i, leaf] of signed.entries())
      assert.equal(ledgerHash(afterSigned(leaf)), ledgerHash(starts[i + 1]!));
    assert.ok(starts.some(({ local }) => local.stack.length > 0));
  });

  it("needs no signed proof without commands", () => {
    const { signed, fees } = ledgerLeaves(ledgerBatch(executeCommands([])), 27);
    assert.equal(signed.length, 0);
    const { statement, opening, payout } = feesWitness(fees);
    feesRule(statement, opening, payout);
  });

  it("satisfies the constraints of the signed branch", async () => {
    const { statement, opening, steps } = signedWitness(ledgerLeaves(traced, 14).signed[0]!, 14);
    await Provable.runAndCheck(() => {
      signedRule(
        Provable.witness(LedgerStatement, () => statement),
        new Opening(Provable.witness(Opening, () => opening)),
        Provable.witness(signedSteps(14), () => steps),
      );
    });
  });

  it("does not fit into fewer steps than it has updates", () => {
    const leaf = ledgerLeaves(traced, 5).signed[0]!;
    assert.throws(() => signedWitness(leaf, 4), RangeError);
  });
});

describe("the signed branch's statement", () => {
  const leaf = ledgerLeaves(traced, 3).signed[0]!;
  const { statement, opening, steps } = signedWitness(leaf, 3);
  const refuses = (run: () => void, reason: string) => assert.throws(run, new RegExp(reason));

  it("refuses another source", () =>
    refuses(
      () => signedRule(new LedgerStatement({ ...statement, from: statement.to }), opening, steps),
      LedgerErrors.wrongSource,
    ));

  it("refuses another target", () =>
    refuses(
      () => signedRule(new LedgerStatement({ ...statement, to: statement.from }), opening, steps),
      LedgerErrors.wrongTarget,
    ));

  it("refuses a target that leaves an update out", () =>
    refuses(() => signedRule(statement, opening, steps.slice(0, 2)), LedgerErrors.wrongTarget));

  it("refuses a context other than the state's", () => {
    const context = { ...opening.context, creationFee: opening.context.creationFee.sub(1) };
    refuses(
      () => signedRule(statement, new Opening({ ...opening, context }), steps),
      LedgerErrors.wrongContext,
    );
  });

  it("refuses a local state other than the state's", () => {
    const local = { ...opening.local, excess: opening.local.excess.add(1) };
    refuses(() => signedRule(statement, new Opening({ ...opening, local }), steps), LedgerErrors.wrongLocal);
  });

  it("refuses a state opened with other fields", () => {
    const state = new LedgerState({ ...opening.state, fees: opening.state.fees.add(1) });
    refuses(() => signedRule(statement, new Opening({ ...opening, state }), steps), LedgerErrors.wrongSource);
  });
});

describe("the signed branch's size", () => {
  const rows = async (steps: number) => {
    const system = await Provable.constraintSystem(() => {
      signedRule(
        Provable.witness(LedgerStatement, () => LedgerStatement.empty()),
        new Opening(Provable.witness(Opening, () => Opening.empty())),
        Provable.witness(signedSteps(steps), () => []),
      );
    });
    return system.rows;
  };

  it("leaves room in a circuit of 2^16 rows for what Pickles adds", async () => {
    const [one, two] = [await rows(1), await rows(2)];
    const whole = one + (STEPS_PER_PROOF - 1) * (two - one);
    assert.ok(whole < 63_000, `${whole} rows, ${two - one} a step`);
    assert.ok(STEPS_PER_PROOF >= 15);
  });
});

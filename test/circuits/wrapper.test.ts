import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { Field, initializeBindings, Provable } from "o1js";
import { IndexStatement, type IndexValues, indexHash, indexStart } from "../../circuits/indexed/index.ts";
import {
  EMPTY_LOCAL_VALUES,
  LedgerStatement,
  type LedgerValues,
  ledgerHash,
  ledgerStart,
} from "../../circuits/ledger/index.ts";
import { planBatch } from "../../circuits/prover/index.ts";
import {
  type JoinInput,
  JoinWitness,
  joinBatch,
  joinTarget,
  joinWitness,
  WrapperErrors,
  WrapperStatement,
} from "../../circuits/wrapper/index.ts";
import { contextHash, ledgerConstants } from "../../protocol/index.ts";
import { emptyBatch, firstBatch, genesis } from "../proofs/support/rollupFixture.ts";

before(() => initializeBindings());

const good = planBatch(firstBatch, ledgerConstants(genesis)).join;

/** A join whose parts a test changes; whatever is not given follows from the input. */
interface JoinCase {
  readonly join?: Partial<JoinInput>;
  readonly ledgerFrom?: Partial<LedgerValues>;
  readonly ledgerTo?: LedgerValues;
  readonly indexFrom?: Partial<IndexValues>;
  readonly indexTo?: IndexValues;
  readonly statement?: Partial<WrapperStatement>;
}

function argumentsOf(change: JoinCase): Parameters<typeof joinBatch> {
  const join = { ...good, ...change.join };
  const { statement, witness } = joinWitness(join);
  const ctx = contextHash(join.context);
  const range = (from: bigint, to: bigint) => ({ from: Field(from), to: Field(to) });
  return [
    new WrapperStatement({ ...statement, ...change.statement }),
    new LedgerStatement(
      range(
        ledgerHash({ ...ledgerStart(ctx, join.source), ...change.ledgerFrom }),
        ledgerHash(change.ledgerTo ?? join.ledgerEnd),
      ),
    ),
    new IndexStatement(
      range(
        indexHash({ ...indexStart(ctx, join.source), ...change.indexFrom }),
        indexHash(change.indexTo ?? join.indexEnd),
      ),
    ),
    witness,
  ];
}

function inCircuit([statement, ledger, index, witness]: Parameters<typeof joinBatch>): Promise<void> {
  return Provable.runAndCheck(() =>
    joinBatch(
      Provable.witness(WrapperStatement, () => statement),
      Provable.witness(LedgerStatement, () => ledger),
      Provable.witness(IndexStatement, () => index),
      Provable.witness(JoinWitness, () => witness),
    ),
  );
}

const says = (text: string) => (error: unknown) => error instanceof Error && error.message.includes(text);
const { inner, ledgerEnd, indexEnd, context } = good;
const innerWith = (account: Partial<typeof inner.account>) => ({
  inner: { ...inner, account: { ...inner.account, ...account } },
});

describe("join", () => {
  it("makes the step that the executor made", async () => {
    assert.deepEqual(joinTarget(good), firstBatch.target.state);
    await inCircuit(argumentsOf({}));
  });

  it("joins a batch without commands, and one without new accounts", async () => {
    const join = planBatch(emptyBatch, ledgerConstants(genesis)).join;
    assert.deepEqual(joinTarget(join), emptyBatch.target.state);
    await inCircuit(argumentsOf({ join }));
  });

  const open = { ...EMPTY_LOCAL_VALUES, excess: 5n };
  const refusals: [name: string, change: JoinCase, reason: string][] = [
    ["constants other than the statement's", { statement: { ctx: Field(1) } }, WrapperErrors.wrongContext],
    [
      "a ledger executed under other constants",
      { join: { ledgerEnd: { ...ledgerEnd, ctx: 1n } } },
      WrapperErrors.wrongContext,
    ],
    [
      "a map kept under other constants",
      { join: { indexEnd: { ...indexEnd, ctx: 1n } } },
      WrapperErrors.wrongContext,
    ],
    ["a ledger range from another root", { ledgerFrom: { ledgerRoot: 1n } }, WrapperErrors.wrongLedgerStart],
    [
      "a ledger range from a crafted local state",
      { ledgerFrom: { local: open } },
      WrapperErrors.wrongLedgerStart,
    ],
    ["a ledger range that starts with fees", { ledgerFrom: { fees: 5n } }, WrapperErrors.wrongLedgerStart],
    [
      "a ledger range that starts with new accounts",
      { ledgerFrom: { newAccounts: 5n } },
      WrapperErrors.wrongLedgerStart,
    ],
    [
      "a ledger range that starts with refusals",
      { ledgerFrom: { refused: 5n } },
      WrapperErrors.wrongLedgerStart,
    ],
    [
      "a ledger range with a deadline from before",
      { ledgerFrom: { landBy: 5n } },
      WrapperErrors.wrongLedgerStart,
    ],
    ["a ledger range from another slot", { ledgerFrom: { slot: 5n } }, WrapperErrors.wrongLedgerStart],
    ["a ledger range from another cursor", { ledgerFrom: { cursor: 5n } }, WrapperErrors.wrongLedgerStart],
    [
      "a ledger range that ends elsewhere",
      { ledgerTo: { ...ledgerEnd, slot: 5n } },
      WrapperErrors.wrongLedgerEnd,
    ],
    ["fees that nobody got", { join: { ledgerEnd: { ...ledgerEnd, fees: 5n } } }, WrapperErrors.feesLeft],
    [
      "a batch that ends inside a command",
      { join: { ledgerEnd: { ...ledgerEnd, local: open } } },
      WrapperErrors.commandOpen,
    ],
    ["an index range from another map", { indexFrom: { accountsRoot: 5n } }, WrapperErrors.wrongIndexStart],
    [
      "an index range from another length",
      { indexFrom: { accountsLength: 5n } },
      WrapperErrors.wrongIndexStart,
    ],
    [
      "an index range that starts with new accounts",
      { indexFrom: { newAccounts: 5n } },
      WrapperErrors.wrongIndexStart,
    ],
    [
      "an index range that ends elsewhere",
      { indexTo: { ...indexEnd, owedRoot: 5n } },
      WrapperErrors.wrongIndexEnd,
    ],
    [
      "a new account that did not enter the map",
      { join: { indexEnd: { ...indexEnd, newAccounts: 0n } } },
      WrapperErrors.newAccountsDiffer,
    ],
    [
      "a refusal that did not enter the map",
      { join: { ledgerEnd: { ...ledgerEnd, refused: 5n } } },
      WrapperErrors.refusedDiffer,
    ],
    [
      "another account's key at index 0",
      { join: innerWith({ publicKey: genesis.sequencer }) },
      WrapperErrors.wrongInnerAccount,
    ],
    ["another token at index 0", { join: innerWith({ tokenId: 5n }) }, WrapperErrors.wrongInnerAccount],
    [
      "another verification key at index 0",
      { join: innerWith({ zkapp: { ...inner.account.zkapp!, verificationKeyHash: 5n } }) },
      WrapperErrors.wrongInnerAccount,
    ],
    [
      "an inner account with another balance than the ledger's",
      { join: innerWith({ balance: 5n }) },
      WrapperErrors.innerNotInLedger,
    ],
    [
      "an inner account that stands elsewhere",
      { join: { inner: { ...inner, path: inner.path.map((sibling, i) => (i === 4 ? 5n : sibling)) } } },
      WrapperErrors.innerNotInLedger,
    ],
    [
      "actions of the inner account that were passed over",
      { join: { indexEnd: { ...indexEnd, inner: 5n } } },
      WrapperErrors.innerActionsMissed,
    ],
    ["a statement of another step", { statement: { statement: Field(1) } }, WrapperErrors.wrongStatement],
    [
      "a recent action state that is not the cursor",
      { statement: { recent: Field(1) } },
      WrapperErrors.wrongRecent,
    ],
  ];
  for (const [name, change, reason] of refusals) {
    it(`refuses ${name}`, async () => {
      const args = argumentsOf(change);
      assert.throws(() => joinBatch(...args), says(reason));
      await assert.rejects(inCircuit(args), says(reason));
    });
  }

  it("refuses the step of another deployment", async () => {
    const args = argumentsOf({ join: { context: { ...context, domain: 5n } } });
    const [, ledger, index, witness] = args;
    const [statement] = argumentsOf({});
    assert.throws(() => joinBatch(statement, ledger, index, witness), says(WrapperErrors.wrongContext));
  });
});

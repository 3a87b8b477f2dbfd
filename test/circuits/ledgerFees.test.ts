import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Field, Provable, PublicKey, UInt32, UInt64 } from "o1js";
import {
  EMPTY_LOCAL_VALUES,
  FeePayout,
  type FeesInput,
  feesRule,
  feesWitness,
  LedgerErrors,
  LedgerProgram,
  LedgerStatement,
  type LedgerValues,
  ledgerLeaves,
  Opening,
  StepAccount,
} from "../../circuits/ledger/index.ts";
import { accountFrom, accountHashUnsafe, LedgerPath, ledgerRoot } from "../../circuits/mina/index.ts";
import {
  type Account,
  type AuthRequired,
  type PermissionName,
  userPermissions,
} from "../../protocol/index.ts";
import { commandsOfEachKind, executeCommands, ledgerBatch } from "./support/transferBatch.ts";

const input = ledgerLeaves(ledgerBatch(executeCommands(commandsOfEachKind)), 27).fees;

type Witness = ReturnType<typeof feesWitness>;

async function runBoth({ statement, opening, payout }: Witness): Promise<void> {
  await Provable.runAndCheck(() =>
    feesRule(
      Provable.witness(LedgerStatement, () => statement),
      new Opening(Provable.witness(Opening, () => opening)),
      new FeePayout(Provable.witness(FeePayout, () => payout)),
    ),
  );
  feesRule(statement, opening, payout);
}

const refuses = (witness: Witness, reason: string) =>
  assert.rejects(
    runBoth(witness),
    (error: unknown) => error instanceof Error && error.message.includes(reason),
  );

/** The same payout to another account, which then stands where the recipient did. */
function paidTo(changes: Partial<Account>, state: Partial<LedgerValues> = {}): FeesInput {
  const before = { ...input.payout.before, ...changes };
  const paid = before.balance + input.payout.amount;
  const after = { ...before, balance: paid < 2n ** 64n ? paid : 0n };
  const path = LedgerPath.from(input.payout.index, input.payout.path);
  const root = (account: Account) => ledgerRoot(path, accountHashUnsafe(accountFrom(account))).toBigInt();
  const from = { ...input.from, ledgerRoot: root(before), ...state };
  return { ...input, from, payout: { ...input.payout, before, after, ledgerRootAfter: root(after) } };
}

const permission = (name: PermissionName, auth: AuthRequired) => ({
  permissions: { ...userPermissions, [name]: auth },
});

describe("the fees branch", () => {
  it("pays what was collected and moves the slot to the last block's", async () => {
    assert.ok(input.payout.amount > 0n);
    assert.equal(input.payout.slot, 10n);
    await runBoth(feesWitness(input));
  });

  it("pays nothing where nothing was collected", () =>
    runBoth(feesWitness(ledgerLeaves(ledgerBatch(executeCommands([])), 27).fees)));

  it("refuses while a command is open", () => {
    const local = { ...EMPTY_LOCAL_VALUES, index: 1n };
    return refuses(feesWitness(paidTo({}, { local })), LedgerErrors.commandOpen);
  });

  it("refuses the inner account", () =>
    refuses(feesWitness(paidTo({ publicKey: input.context.innerKey })), LedgerErrors.innerAccount));

  it("refuses an empty leaf", () => {
    const witness = feesWitness(input);
    const payout = new FeePayout({ ...witness.payout, recipient: PublicKey.empty() });
    return refuses({ ...witness, payout }, LedgerErrors.emptyKey);
  });

  it("refuses an account that does not stand there", () => {
    const witness = feesWitness(input);
    const account = new StepAccount({ ...witness.payout.account, balance: UInt64.from(1) });
    const payout = new FeePayout({ ...witness.payout, account });
    return refuses({ ...witness, payout }, LedgerErrors.accountNotInLedger);
  });

  it("refuses a timed account", () => {
    const timing = {
      initialMinimumBalance: 1n,
      cliffTime: 1n,
      cliffAmount: 1n,
      vestingPeriod: 1n,
      vestingIncrement: 1n,
    };
    return refuses(feesWitness(paidTo({ timing })), LedgerErrors.accountNotInLedger);
  });

  it("refuses an account that wants a signature to be touched", () =>
    refuses(feesWitness(paidTo(permission("access", "either"))), LedgerErrors.accessDenied));

  it("refuses an account that wants a signature to be paid", () =>
    refuses(feesWitness(paidTo(permission("receive", "signature"))), LedgerErrors.receiveDenied));

  it("refuses a balance beyond 64 bits", () =>
    refuses(feesWitness(paidTo({ balance: 2n ** 64n - 1n })), LedgerErrors.balanceOutOfRange));

  it("refuses to take a symbol's bits for the balance's", () => {
    const witness = feesWitness(input);
    const { balance } = witness.payout.account;
    const account = new StepAccount({
      ...witness.payout.account,
      balance: UInt64.from(balance.toBigInt() - 1n),
      tokenSymbol: Field(2n ** 48n),
    });
    return refuses(
      { ...witness, payout: new FeePayout({ ...witness.payout, account }) },
      LedgerErrors.symbolTooLong,
    );
  });

  it("refuses a slot before the last command's", () => {
    const witness = feesWitness(input);
    const payout = new FeePayout({ ...witness.payout, slot: UInt32.from(8) });
    return refuses({ ...witness, payout }, LedgerErrors.slotDecreases);
  });

  it("refuses to keep the fees", () => {
    const witness = feesWitness(input);
    const statement = new LedgerStatement({ ...witness.statement, to: witness.statement.from });
    return refuses({ ...witness, statement }, LedgerErrors.wrongTarget);
  });
});

describe("the merge branch", () => {
  const [a, b, c] = [Field(1), Field(2), Field(3)];
  type Proofs = Parameters<typeof LedgerProgram.rawMethods.merge>;
  const proof = (from: Field, to: Field) =>
    ({ publicInput: new LedgerStatement({ from, to }), verify: () => {} }) as unknown as Proofs[1];
  const merge = (whole: [Field, Field], first: [Field, Field], second: [Field, Field]) =>
    LedgerProgram.rawMethods.merge(
      new LedgerStatement({ from: whole[0], to: whole[1] }),
      proof(...first),
      proof(...second),
    );
  const says = (reason: string) => (error: unknown) =>
    error instanceof Error && error.message.includes(reason);

  it("joins two ranges that meet", () => merge([a, c], [a, b], [b, c]));
  it("refuses ranges that do not meet", () =>
    assert.rejects(merge([a, c], [a, b], [a, c]), says(LedgerErrors.mergeMiddles)));
  it("refuses another source", () =>
    assert.rejects(merge([b, c], [a, b], [b, c]), says(LedgerErrors.wrongSource)));
  it("refuses another target", () =>
    assert.rejects(merge([a, b], [a, b], [b, c]), says(LedgerErrors.wrongTarget)));
});

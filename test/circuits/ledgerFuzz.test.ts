import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  applyUpdate,
  type Execution,
  LedgerContext,
  LedgerState,
  LocalState,
  ledgerStart,
  openingOf,
  stepOf,
} from "../../circuits/ledger/index.ts";
import {
  type AppliedUpdate,
  applyCommand,
  type CallFrame,
  commandDigest,
  defaultAccount,
  Ledger,
} from "../../ledger/index.ts";
import {
  type Account,
  type AccountUpdate,
  type AuthRequired,
  contextHash,
  hash,
  type Interval,
  NANOMINA,
  type State,
  userPermissions,
  type ZkappCommand,
} from "../../protocol/index.ts";
import { signed, testKey, update } from "../ledger/support/commands.ts";
import { testContext as context } from "./support/transferBatch.ts";

const SLOT = 10n;
const BASE = context.nonceBase;
/** Commands that circuit and executor are compared on; `FUZZ_RUNS=2000` for a long night. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 60);

const timing = {
  initialMinimumBalance: 1n,
  cliffTime: 1n,
  cliffAmount: 1n,
  vestingPeriod: 1n,
  vestingIncrement: 1n,
};
const guarded = (
  permissions: Partial<Record<"send" | "receive" | "access" | "incrementNonce", AuthRequired>>,
) => ({
  permissions: { ...userPermissions, ...permissions },
});
/** Accounts 0 to 2 are usual ones; each of the others has something of its own; 8 and 9 do not exist. */
const unusual: Partial<Account>[] = [
  {},
  {},
  {},
  guarded({ access: "signature", receive: "signature" }),
  guarded({ send: "proof" }),
  guarded({ incrementNonce: "proof", receive: "impossible" }),
  guarded({ access: "proof", send: "none" }),
  { timing, tokenSymbol: "MINA" },
];
const WHO = unusual.length + 2;

function startLedger(): Ledger {
  const ledger = Ledger.empty();
  for (const [i, changes] of unusual.entries())
    ledger.set(BigInt(i), {
      ...defaultAccount(testKey(i).publicKey, BASE),
      balance: 10n * NANOMINA,
      ...changes,
    });
  return ledger;
}

/** The circuit's rules, walking a command as they would prove it; the executor has no part in it. */
function applyByCircuit(ledger: Ledger, command: ZkappCommand): Execution {
  const digest = commandDigest(command);
  const source = { ledgerRoot: ledger.root(), lastSlot: SLOT, cursor: 0n, processed: 0n } as State;
  const opening = openingOf(context, ledgerStart(contextHash(context), source));
  const turns: [AppliedUpdate, { children: bigint; siblings: bigint }][] = [
    [
      { kind: "feePayer", feePayer: command.feePayer },
      { children: 0n, siblings: digest.commitment },
    ],
    ...command.updates.map((item, i): (typeof turns)[0] => [
      { kind: "update", update: item },
      digest.updates[i]!,
    ]),
  ];
  let at: Execution = { state: new LedgerState(opening.state), local: new LocalState(opening.local) };
  let stack: readonly CallFrame[] = [];
  for (const [position, [applied, forest]] of turns.entries()) {
    const { publicKey } = applied.kind === "feePayer" ? applied.feePayer : applied.update;
    const index = ledger.indexOf(publicKey) ?? ledger.size;
    const before = ledger.get(index);
    const step = stepOf(context, {
      applied,
      ...forest,
      slot: SLOT,
      memoHash: digest.memoHash,
      index,
      before,
      path: ledger.path(index),
      localBefore: { stack },
    });
    stack = nextStack(stack, at.local, forest);
    at = applyUpdate(new LedgerContext(opening.context), at, step);
    ledger.set(index, after(before, applied, { position: BigInt(position), full: digest.fullCommitment }));
    assert.equal(at.state.ledgerRoot.toBigInt(), ledger.root());
  }
  return at;
}

function nextStack(
  stack: readonly CallFrame[],
  { caller, callerCaller }: LocalState,
  { children, siblings }: { children: bigint; siblings: bigint },
): readonly CallFrame[] {
  if (children === 0n) return siblings === 0n ? stack.slice(1) : stack;
  const frame = { caller: caller.toBigInt(), callerCaller: callerCaller.toBigInt(), calls: siblings };
  return siblings === 0n ? stack : [frame, ...stack];
}

function after(
  before: Account | null,
  applied: AppliedUpdate,
  at: { position: bigint; full: bigint },
): Account {
  const item =
    applied.kind === "update"
      ? applied.update
      : { ...applied.feePayer, balanceChange: -applied.feePayer.fee, incrementNonce: true, authorization: 1 };
  const account = before ?? defaultAccount(item.publicKey, BASE);
  const implicit = "implicitAccountCreationFee" in item && item.implicitAccountCreationFee && !before;
  return {
    ...account,
    balance: account.balance + item.balanceChange - (implicit ? context.creationFee : 0n),
    nonce: account.nonce + (item.incrementNonce ? 1n : 0n),
    receiptChainHash: item.authorization
      ? hash("CodaReceiptUC*******", [at.full, account.receiptChainHash, at.position])
      : account.receiptChainHash,
  };
}

function verdict<T>(run: () => T): T | string {
  try {
    return run();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const oneIn = (n: number) => fc.nat(n - 1).map((x) => x === 0);
const draftUpdate = fc.record({
  who: fc.oneof({ weight: 2, arbitrary: fc.nat(2) }, { weight: 1, arbitrary: fc.nat(WHO - 1) }),
  amount: fc.oneof(fc.bigInt(0n, 1000n), fc.constantFrom(0n, 2n * NANOMINA, 2n ** 64n - 1n)),
  takes: fc.boolean(),
  protect: fc.constantFrom("own", "own", "full", "full", "none"),
  unsigned: oneIn(6),
  deeper: fc.boolean(),
  implicit: fc.boolean(),
  token: fc.constantFrom("no" as const, "parentsOwnToken" as const, "inheritFromParent" as const),
  slots: fc.constantFrom<(Interval | null)[]>(
    null,
    null,
    null,
    { lower: SLOT, upper: SLOT },
    { lower: 0n, upper: 9n },
  ),
});
const draft = fc.record({
  payer: fc.nat(2),
  fee: fc.constantFrom(0n, 1n, 1000n, 11n * NANOMINA),
  spoilt: oneIn(8),
  unbalanced: oneIn(6),
  updates: fc.array(draftUpdate, { maxLength: 4 }),
});
type Draft = typeof draft extends fc.Arbitrary<infer T> ? T : never;

/** Signed by those who must, mostly balanced by the fee payer; good about half the time. */
function commandOf({ payer, fee, spoilt, unbalanced, updates: drafts }: Draft): ZkappCommand {
  const nonces = new Map<number, bigint>([[payer, BASE + 1n]]);
  const created = new Set<number>();
  const updates: AccountUpdate[] = [];
  let excess = 0n;
  for (const item of drafts) {
    const exists = item.who < unusual.length || created.has(item.who);
    const takes = item.takes && exists;
    const isSigned = (takes || item.who === 3) !== item.unsigned;
    const nonce = nonces.get(item.who) ?? BASE;
    const own = isSigned && item.protect === "own";
    if (own) nonces.set(item.who, nonce + 1n);
    const depth = item.deeper && updates.length > 0 ? updates.at(-1)!.callDepth + 1 : 0;
    const balanceChange = takes ? -item.amount : item.amount;
    excess -= balanceChange;
    if (!exists) {
      created.add(item.who);
      if (!item.implicit) excess -= context.creationFee;
    }
    updates.push(
      update(testKey(item.who).publicKey, {
        balanceChange,
        callDepth: depth,
        incrementNonce: own,
        nonce: own ? { lower: nonce, upper: nonce } : null,
        useFullCommitment: item.protect === "full",
        implicitAccountCreationFee: item.implicit,
        mayUseToken: item.token,
        validWhile: item.slots,
        signed: isSigned,
      }),
    );
  }
  if (!unbalanced && excess !== 0n && excess > -(2n ** 64n) && excess < 2n ** 64n)
    updates.push(
      update(testKey(payer).publicKey, { balanceChange: excess, useFullCommitment: true, signed: true }),
    );
  const command = signed({ feePayer: { key: testKey(payer), fee, nonce: BASE }, updates });
  if (!spoilt) return command;
  return { ...command, feePayer: { ...command.feePayer, fee: fee + 1n } };
}

describe("the circuit's rules", () => {
  it(`agree with the executor on ${RUNS} random commands, good and bad`, () => {
    let good = 0;
    for (const [i, item] of fc.sample(draft, { numRuns: RUNS, seed: 11 }).entries()) {
      const command = commandOf(item);
      const [ours, theirs] = [startLedger(), startLedger()];
      const rules = { slot: SLOT, creationFee: context.creationFee, nonceBase: BASE, fees: 0n };
      const proved = verdict(() => applyByCircuit(ours, command));
      const executed = verdict(() => applyCommand(theirs, command, rules));
      assert.equal(typeof proved, typeof executed, `run ${i}: ${proved} / ${executed}`);
      if (typeof proved === "string" || typeof executed === "string") continue;
      good++;
      assert.equal(proved.state.ledgerRoot.toBigInt(), theirs.root(), `run ${i}`);
      assert.equal(proved.state.fees.toBigInt(), executed.fees, `run ${i}`);
      assert.equal(proved.local.calls.toBigInt(), 0n, `run ${i}`);
    }
    // The generator must not drift into refusals alone, nor into commands that cannot fail.
    assert.ok(good > RUNS / 5 && good < (RUNS * 4) / 5, `${good} of ${RUNS} went through`);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Bool, Field, Poseidon, PrivateKey, PublicKey, Scalar, Signature, UInt32, UInt64 } from "o1js";
import {
  accountKey,
  EMPTY_LOCAL,
  foldNewAccount,
  idleStep,
  LedgerErrors,
  LocalState,
  ReturnFrame,
  SignedStep,
  StepAccount,
  type TransferFields,
} from "../../circuits/ledger/index.ts";
import { stackHash } from "../../circuits/mina/index.ts";
import {
  type Account,
  type AuthRequired,
  type PermissionName,
  userPermissions,
} from "../../protocol/index.ts";
import { testKey } from "../ledger/support/commands.ts";
import { applyBoth, refusesBoth } from "./support/applyBoth.ts";
import {
  type Craft,
  type CraftedStep,
  context,
  craftStep,
  feePayer,
  payer,
  SLOT,
  sign,
} from "./support/craftStep.ts";

const BASE = context.nonceBase;
const MAX64 = 2n ** 64n - 1n;
const alice = testKey(0);

const ownNonce: TransferFields = {
  incrementNonce: true,
  nonce: { lower: BASE, upper: BASE },
  isSigned: true,
};

/** The same step with some fields of its witness changed, and nothing made to agree with that. */
function tampered(crafted: CraftedStep, changes: Partial<SignedStep>): CraftedStep {
  return { ...crafted, step: new SignedStep({ ...crafted.step, ...changes }) };
}

function withPermission(name: PermissionName, auth: AuthRequired): Account {
  return payer(alice, { permissions: { ...userPermissions, [name]: auth } });
}

describe("a fee payer's step", () => {
  it("takes the fee, raises nonce and receipts, and opens the command", async () => {
    const crafted = craftStep({ starts: true, slot: SLOT + 3n });
    const { state, local } = await applyBoth(crafted);
    assert.equal(state.fees.toBigInt(), 5n);
    assert.equal(state.slot.toBigint(), SLOT + 3n);
    assert.equal(local.calls.toBigInt(), 21n);
    assert.equal(local.commitment.toBigInt(), 21n);
    assert.equal(local.index.toBigInt(), 1n);
    assert.equal(local.excess.toBigInt(), 0n);
  });

  it("opens and ends a command without updates", async () => {
    const { state, local } = await applyBoth(craftStep({ starts: true, siblings: 0n }));
    assert.equal(state.fees.toBigInt(), 5n);
    assert.equal(local.hash().toBigInt(), EMPTY_LOCAL.toBigInt());
  });

  it("may pay no fee", async () => {
    const { state } = await applyBoth(craftStep({ starts: true, update: { ...feePayer, amount: 0n } }));
    assert.equal(state.fees.toBigInt(), 0n);
  });

  const forms: [string, TransferFields][] = [
    ["that takes money in", { isNegative: false }],
    ["that leaves its nonce", { incrementNonce: false }],
    ["that signs without the memo", { useFullCommitment: false }],
    ["that is not Mina's form of it", { implicitAccountCreationFee: false }],
    ["without a signature", { isSigned: false }],
    ["without a nonce", { nonce: null }],
    ["with a range of nonces", { nonce: { lower: BASE, upper: BASE + 1n } }],
    ["without a bound on the slot", { slot: null }],
    ["with a lower bound on the slot", { slot: { lower: 1n, upper: 2n ** 32n - 1n } }],
    ["that uses its parent's token", { parentsOwnToken: true }],
    ["that inherits a token", { inheritFromParent: true }],
  ];
  for (const [name, change] of forms) {
    it(`refuses one ${name}`, () =>
      refusesBoth(
        craftStep({ starts: true, update: { ...feePayer, ...change } }),
        LedgerErrors.feePayerForm,
      ));
  }

  it("refuses children, which no signature covers", () =>
    refusesBoth(craftStep({ starts: true, children: 9n }), LedgerErrors.feePayerChildren));

  it("refuses to create the fee payer's account", () =>
    refusesBoth(
      craftStep({ starts: true, account: null, update: { ...feePayer, amount: 0n } }),
      LedgerErrors.feePayerNew,
    ));

  it("refuses a slot before the last block's", () =>
    refusesBoth(craftStep({ starts: true, slot: SLOT - 1n }), LedgerErrors.slotDecreases));

  it("refuses a fee payer past its last slot", () =>
    refusesBoth(
      craftStep({ starts: true, update: { ...feePayer, slot: { lower: 0n, upper: SLOT - 1n } } }),
      LedgerErrors.slotOutside,
    ));

  it("refuses fees beyond 64 bits", () =>
    refusesBoth(craftStep({ starts: true, fees: MAX64 - 4n }), LedgerErrors.feesOutOfRange));
});

describe("an update's step", () => {
  it("moves money out, with a nonce of its own", async () => {
    const crafted = craftStep({ update: { ...ownNonce, amount: 7n, isNegative: true }, siblings: 40n });
    const { local } = await applyBoth(crafted);
    assert.equal(local.excess.toBigInt(), 7n);
    assert.equal(local.calls.toBigInt(), 40n);
  });

  it("moves money in, unsigned, to a key that is not on the curve", async () => {
    const offCurve = { ...alice, publicKey: { x: 2n, isOdd: false } };
    const crafted = craftStep({
      key: offCurve,
      account: payer(offCurve),
      update: { amount: 7n },
      excess: 7n,
    });
    assert.equal((await applyBoth(crafted)).local.hash().toBigInt(), EMPTY_LOCAL.toBigInt());
  });

  it("creates an account that the command pays for", async () => {
    const crafted = craftStep({ account: null, update: { amount: 7n }, excess: 7n + context.creationFee });
    const { state, local } = await applyBoth(crafted);
    const key = accountKey(crafted.step.update.publicKey);
    assert.equal(state.newAccounts.toBigInt(), foldNewAccount(Field(0), key, Field(5)).toBigInt());
    assert.equal(state.fees.toBigInt(), context.creationFee);
    assert.equal(local.hash().toBigInt(), EMPTY_LOCAL.toBigInt());
  });

  it("creates an account that pays for itself", async () => {
    const update = { amount: context.creationFee, implicitAccountCreationFee: true };
    const { state } = await applyBoth(craftStep({ account: null, update, excess: context.creationFee }));
    assert.equal(state.fees.toBigInt(), context.creationFee);
  });

  it("keeps a creation fee back until the command ends", async () => {
    const crafted = craftStep({ account: null, excess: context.creationFee, siblings: 40n });
    const { state, local } = await applyBoth(crafted);
    assert.equal(state.fees.toBigInt(), 0n);
    assert.equal(local.supply.neg().toBigInt(), context.creationFee);
  });

  it("ignores the slot that only a starting command may announce", async () => {
    const { state } = await applyBoth(craftStep({ slot: SLOT + 9n, siblings: 40n }));
    assert.equal(state.slot.toBigint(), SLOT);
  });

  const update = (fields: TransferFields, rest: Craft = {}) => craftStep({ update: fields, ...rest });
  const refusals: [string, () => CraftedStep, string][] = [
    ["the empty key, on an empty leaf", () => emptyKey(true), LedgerErrors.emptyKey],
    ["the empty leaf as an account", () => emptyKey(false), LedgerErrors.emptyKey],
    ["the inner account", () => update({}, { key: innerKey(), account: null }), LedgerErrors.innerAccount],
    ["a negative zero", () => update({ isNegative: true }), LedgerErrors.negativeZero],
    [
      "two tokens at once",
      () => update({ parentsOwnToken: true, inheritFromParent: true }),
      LedgerErrors.tokenFlags,
    ],
    ["money that was not paid in", () => update({ amount: 7n }, { excess: 6n }), LedgerErrors.excessNotZero],
    ["money that nobody takes out", () => update({ amount: 7n }, { excess: 8n }), LedgerErrors.excessNotZero],
    [
      "an account that nobody pays for",
      () => update({ amount: 7n }, { account: null, excess: 7n }),
      LedgerErrors.excessNotZero,
    ],
    [
      "an account that cannot pay for itself",
      () => update({ amount: 7n, implicitAccountCreationFee: true }, { account: null, excess: 7n }),
      LedgerErrors.balanceOutOfRange,
    ],
    [
      "a slot before its interval",
      () => update({ slot: { lower: SLOT + 1n, upper: SLOT + 2n } }),
      LedgerErrors.slotOutside,
    ],
    [
      "a slot after its interval",
      () => update({ slot: { lower: 0n, upper: SLOT - 1n } }),
      LedgerErrors.slotOutside,
    ],
    [
      "a nonce before its interval",
      () => update({ nonce: { lower: BASE + 1n, upper: BASE + 2n } }),
      LedgerErrors.nonceOutside,
    ],
    [
      "a nonce after its interval",
      () => update({ nonce: { lower: 0n, upper: BASE - 1n } }),
      LedgerErrors.nonceOutside,
    ],
    ["a signature that is good for ever", () => update({ isSigned: true }), LedgerErrors.replayable],
    [
      "a signature over a range of nonces",
      () => update({ ...ownNonce, nonce: { lower: BASE, upper: BASE + 1n } }),
      LedgerErrors.replayable,
    ],
    [
      "a signature over a nonce that stays",
      () => update({ ...ownNonce, incrementNonce: false }),
      LedgerErrors.replayable,
    ],
    [
      "to take without a signature",
      () => update({ amount: 7n, isNegative: true }, { siblings: 40n }),
      LedgerErrors.sendDenied,
    ],
    [
      "to take where only a proof may",
      () =>
        update(
          { ...ownNonce, amount: 7n, isNegative: true },
          { account: withPermission("send", "proof"), siblings: 40n },
        ),
      LedgerErrors.sendDenied,
    ],
    [
      "to give where nobody may",
      () =>
        update({ ...ownNonce, amount: 7n }, { account: withPermission("receive", "impossible"), excess: 7n }),
      LedgerErrors.receiveDenied,
    ],
    [
      "access without the signature that it wants",
      () => update({}, { account: withPermission("access", "either") }),
      LedgerErrors.accessDenied,
    ],
    [
      "access where only a proof may",
      () => update(ownNonce, { account: withPermission("access", "proof") }),
      LedgerErrors.accessDenied,
    ],
    [
      "to raise a nonce without a signature",
      () => update({ incrementNonce: true }),
      LedgerErrors.incrementNonceDenied,
    ],
    [
      "to take more than there is",
      () => update({ ...ownNonce, amount: 10n ** 11n + 1n, isNegative: true }, { siblings: 40n }),
      LedgerErrors.balanceOutOfRange,
    ],
    [
      "a balance beyond 64 bits",
      () => update({ amount: MAX64 }, { excess: MAX64 }),
      LedgerErrors.balanceOutOfRange,
    ],
    [
      "a nonce beyond 32 bits",
      () =>
        update(
          { incrementNonce: true, useFullCommitment: true, isSigned: true },
          { account: payer(alice, { nonce: 2n ** 32n - 1n }) },
        ),
      LedgerErrors.nonceOutOfRange,
    ],
    [
      "an excess beyond 64 bits",
      () => update({ ...ownNonce, amount: 7n, isNegative: true }, { excess: MAX64 - 6n, siblings: 40n }),
      LedgerErrors.excessOutOfRange,
    ],
    [
      "a debt beyond 64 bits",
      () => update({ amount: 7n }, { excess: Field(6n - MAX64).toBigInt(), siblings: 40n }),
      LedgerErrors.excessOutOfRange,
    ],
    [
      "creation fees that overflow the collected ones",
      () => update({}, { account: null, excess: context.creationFee, fees: MAX64 }),
      LedgerErrors.feesOutOfRange,
    ],
  ];
  for (const [name, craft, reason] of refusals) it(`refuses ${name}`, () => refusesBoth(craft(), reason));

  it("accepts the largest excess", async () => {
    const crafted = update(
      { ...ownNonce, amount: 7n, isNegative: true },
      { excess: MAX64 - 7n, siblings: 40n },
    );
    assert.equal((await applyBoth(crafted)).local.excess.toBigInt(), MAX64);
  });

  it("lets a signature satisfy what asks for one", async () => {
    const account = payer(alice, {
      permissions: { ...userPermissions, access: "signature", receive: "either" },
    });
    await applyBoth(update({ ...ownNonce, amount: 7n }, { account, excess: 7n }));
  });
});

/** A key like the inner account's; nobody can sign for it. */
function innerKey() {
  return { ...alice, publicKey: context.innerKey };
}

function emptyKey(isNew: boolean): CraftedStep {
  const nobody = { ...alice, publicKey: { x: 0n, isOdd: false } };
  const crafted = craftStep({ key: nobody, account: null });
  const account = new StepAccount({ ...crafted.step.account, nonce: UInt32.from(isNew ? BASE : 0n) });
  return tampered(crafted, { isNew: Bool(isNew), account });
}

describe("a step's witness", () => {
  it("cannot apply an update that is not the next", () => {
    const crafted = craftStep();
    const local = new LocalState({ ...crafted.before.local, calls: Field(40) });
    return refusesBoth({ ...crafted, before: { ...crafted.before, local } }, LedgerErrors.notNextUpdate);
  });

  it("cannot put children under an update that has none", () =>
    refusesBoth(tampered(craftStep(), { children: Field(41) }), LedgerErrors.notNextUpdate));

  it("cannot drop the updates behind it", () =>
    refusesBoth(tampered(craftStep({ siblings: 40n }), { siblings: Field(0) }), LedgerErrors.notNextUpdate));

  it("cannot apply an update twice", async () => {
    const crafted = craftStep({ siblings: 40n });
    const after = await applyBoth(crafted);
    await refusesBoth({ ...crafted, before: after }, LedgerErrors.notNextUpdate);
  });

  it("cannot start a command while one is open", () => {
    const open = craftStep().before;
    return refusesBoth({ ...craftStep({ starts: true }), before: open }, LedgerErrors.notNextUpdate);
  });

  it("cannot change the memo that the fee payer signed", () =>
    refusesBoth(tampered(craftStep({ starts: true }), { memoHash: Field(1) }), LedgerErrors.badSignature));

  it("cannot change the updates that the fee payer signed", () =>
    refusesBoth(tampered(craftStep({ starts: true }), { siblings: Field(1) }), LedgerErrors.badSignature));

  it("cannot use another key's signature", () => {
    const crafted = craftStep({ update: ownNonce });
    return refusesBoth(
      tampered(crafted, { signature: sign(testKey(1), crafted.before.local.commitment) }),
      LedgerErrors.badSignature,
    );
  });

  it("cannot use a signature without the memo where the full commitment is due", () => {
    const crafted = craftStep({ update: { useFullCommitment: true, isSigned: true } });
    return refusesBoth(
      tampered(crafted, { signature: sign(alice, crafted.before.local.commitment) }),
      LedgerErrors.badSignature,
    );
  });

  it("cannot hold a signature whose commitment is the point at infinity", () => {
    const crafted = craftStep({ update: ownNonce });
    const secret = PrivateKey.fromBase58(alice.privateKey);
    const { x, y } = secret.toPublicKey().toGroup();
    const challenge = [crafted.before.local.commitment, x, y, Field(0)];
    const e = Scalar.fromField(Poseidon.hashWithPrefix("CodaSignature*******", challenge));
    const signature = Signature.fromObject({ r: Field(0), s: e.mul(secret.s) });
    assert.ok(signature.verify(secret.toPublicKey(), [crafted.before.local.commitment]).toBoolean());
    return refusesBoth(tampered(crafted, { signature }), LedgerErrors.badSignature);
  });

  it("cannot sign for a key that is not on the curve", async () => {
    const offCurve = { ...alice, publicKey: { x: 2n, isOdd: false } };
    const crafted = craftStep({ key: offCurve, account: payer(offCurve), update: ownNonce });
    await assert.rejects(applyBoth(crafted));
  });

  const lies: [string, (account: StepAccount) => Partial<StepAccount>][] = [
    ["a higher balance", ({ balance }) => ({ balance: balance.add(1) })],
    ["another nonce", ({ nonce }) => ({ nonce: nonce.add(1) })],
    ["other receipts", () => ({ receiptChainHash: Field(1) })],
    ["another delegate", () => ({ delegate: PublicKey.empty() })],
    ["another zkApp", () => ({ zkapp: Field(1) })],
    ["another vote", () => ({ votingFor: Field(1) })],
  ];
  for (const [name, change] of lies) {
    it(`cannot say that the account has ${name}`, () => {
      const crafted = craftStep();
      const account = new StepAccount({ ...crafted.step.account, ...change(crafted.step.account) });
      return refusesBoth(tampered(crafted, { account }), LedgerErrors.accountNotInLedger);
    });
    it(`cannot create an account that has ${name}`, () => {
      const crafted = craftStep({ account: null, excess: context.creationFee });
      const account = new StepAccount({ ...crafted.step.account, ...change(crafted.step.account) });
      return refusesBoth(tampered(crafted, { account }), LedgerErrors.accountNotNew);
    });
  }

  it("cannot create an account with permissions of its own", () => {
    const crafted = craftStep({ account: null, excess: context.creationFee });
    const { permissions } = craftStep({ account: withPermission("send", "none") }).step.account;
    const account = new StepAccount({ ...crafted.step.account, permissions });
    return refusesBoth(tampered(crafted, { account }), LedgerErrors.accountNotNew);
  });

  it("cannot take 2^48 of the symbol for one more of the balance", () => {
    const crafted = craftStep();
    const { balance } = crafted.step.account;
    const account = new StepAccount({
      ...crafted.step.account,
      balance: UInt64.from(balance.toBigInt() - 1n),
      tokenSymbol: Field(2n ** 48n),
    });
    return refusesBoth(tampered(crafted, { account }), LedgerErrors.symbolTooLong);
  });

  it("cannot open an account that is timed", () => {
    const timing = {
      initialMinimumBalance: 1n,
      cliffTime: 1n,
      cliffAmount: 1n,
      vestingPeriod: 1n,
      vestingIncrement: 1n,
    };
    return refusesBoth(craftStep({ account: payer(alice, { timing }) }), LedgerErrors.accountNotInLedger);
  });

  it("cannot open an account of another token", () =>
    refusesBoth(craftStep({ account: payer(alice, { tokenId: 2n }) }), LedgerErrors.accountNotInLedger));

  it("cannot open another key's account", () =>
    refusesBoth(craftStep({ account: payer(testKey(1)) }), LedgerErrors.accountNotInLedger));

  it("cannot call an account new that exists", () => {
    const crafted = craftStep({ excess: context.creationFee });
    const { account } = craftStep({ account: null }).step;
    return refusesBoth(tampered(crafted, { isNew: Bool(true), account }), LedgerErrors.accountNotInLedger);
  });

  it("cannot call an empty leaf an account", () =>
    refusesBoth(
      tampered(craftStep({ account: null }), { isNew: Bool(false) }),
      LedgerErrors.accountNotInLedger,
    ));

  it("cannot move the account to another index", () => {
    const other = craftStep({ index: 6n }).step.path;
    return refusesBoth(tampered(craftStep({ index: 5n }), { path: other }), LedgerErrors.accountNotInLedger);
  });
});

describe("the call stack", () => {
  const frame = { caller: Field(51), callerCaller: Field(52), calls: Field(53) };
  const rest = Field(54);
  const onStack = () => craftStep({ stack: stackHash(frame, rest).toBigInt() });
  const returnTo = (changes: Partial<ReturnFrame> = {}) =>
    new ReturnFrame({ ...frame, stack: rest, ...changes });

  it("returns to the frame on its top", async () => {
    const { local } = await applyBoth(tampered(onStack(), { returnTo: returnTo() }));
    assert.deepEqual([local.caller, local.callerCaller, local.calls, local.stack].map(String), [
      "51",
      "52",
      "53",
      "54",
    ]);
  });

  for (const field of ["caller", "callerCaller", "calls", "stack"] as const) {
    it(`refuses to return to another ${field}`, () =>
      refusesBoth(
        tampered(onStack(), { returnTo: returnTo({ [field]: Field(99) }) }),
        LedgerErrors.wrongFrame,
      ));
  }

  it("does not end a command while a frame is open", () =>
    refusesBoth(tampered(onStack(), { returnTo: returnTo({ calls: Field(0) }) }), LedgerErrors.wrongFrame));

  it("goes down with what is left pushed, and does not push an empty frame", async () => {
    const deeper = await applyBoth(craftStep({ children: 61n, siblings: 62n }));
    assert.equal(deeper.local.calls.toBigInt(), 61n);
    const pushed = stackHash({ caller: Field(1), callerCaller: Field(1), calls: Field(62) }, Field(0));
    assert.equal(deeper.local.stack.toBigInt(), pushed.toBigInt());
    const last = await applyBoth(craftStep({ children: 61n }));
    assert.equal(last.local.stack.toBigInt(), 0n);
  });
});

describe("an idle step", () => {
  const starts: [string, Craft][] = [
    ["between two commands", { starts: true }],
    ["in an open command", {}],
    ["in a command with frames on its stack", { stack: 77n }],
  ];
  for (const [where, craft] of starts) {
    it(`changes nothing ${where}`, async () => {
      const { before, context: of } = craftStep(craft);
      const after = await applyBoth({ before, context: of, step: idleStep() });
      assert.equal(after.state.hash().toBigInt(), before.state.hash().toBigInt());
      assert.equal(after.local.hash().toBigInt(), before.local.hash().toBigInt());
    });
  }

  it("changes nothing even if it is a whole update", async () => {
    const crafted = craftStep({ update: { ...ownNonce, amount: 7n, isNegative: true }, siblings: 40n });
    const after = await applyBoth(tampered(crafted, { active: Bool(false) }));
    assert.equal(after.state.hash().toBigInt(), crafted.before.state.hash().toBigInt());
    assert.equal(after.local.hash().toBigInt(), crafted.before.local.hash().toBigInt());
  });
});

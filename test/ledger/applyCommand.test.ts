import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { applyCommand, type CommandContext, defaultAccount, Ledger } from "../../ledger/index.ts";
import {
  type Account,
  type AccountUpdate,
  INNER_KEY,
  MAX_UINT32,
  MAX_UINT64,
  NANOMINA,
  NONCE_BASE,
  type Permissions,
  userPermissions,
  type ZkappCommand,
} from "../../protocol/index.ts";
import { hasCode } from "../support/hasCode.ts";
import { type Draft, memo, signed, testKey, transfer, update } from "./support/commands.ts";
import { testSnapshot } from "./support/genesis.ts";

const FEE = NANOMINA;
const SLOT = 50n;
const context: CommandContext = { slot: SLOT, fees: 0n, creationFee: FEE, nonceBase: NONCE_BASE };
const [alice, bob, carol, stranger] = [testKey(0), testKey(1), testKey(2), testKey(9)];
const exactly = (nonce: bigint) => ({ lower: nonce, upper: nonce });

/** Alice and Bob have 1000 MINA; `changes` go to Bob. */
function ledgerWith(changes: Partial<Account> = {}): Ledger {
  const ledger = Ledger.empty();
  const rich = { balance: 1000n * NANOMINA };
  ledger.set(0n, { ...defaultAccount(alice.publicKey, NONCE_BASE), ...rich });
  ledger.set(1n, { ...defaultAccount(bob.publicKey, NONCE_BASE), ...rich, ...changes });
  return ledger;
}

const permissions = (changes: Partial<Permissions>) => ({ permissions: { ...userPermissions, ...changes } });

/** Alice pays for `updates`; with `nonce` the usual first one. */
function byAlice(updates: readonly AccountUpdate[], payer: Partial<Draft["feePayer"]> = {}): ZkappCommand {
  return signed({ feePayer: { key: alice, nonce: NONCE_BASE, ...payer }, updates });
}

function refuses(
  code: string,
  command: ZkappCommand,
  ledger = ledgerWith(),
  at: Partial<CommandContext> = {},
): void {
  const root = ledger.root();
  assert.throws(() => applyCommand(ledger, command, { ...context, ...at }), hasCode(code));
  assert.equal(ledger.root(), root, "the refused command left a mark");
}

function accepts(command: ZkappCommand, ledger = ledgerWith(), at: Partial<CommandContext> = {}): Ledger {
  applyCommand(ledger, command, { ...context, ...at });
  return ledger;
}

/** Takes from Alice with her signature, so that something else can be given or lost. */
const taken = (amount: bigint) =>
  update(alice.publicKey, { balanceChange: -amount, useFullCommitment: true, signed: true });
const given = (amount: bigint, to = bob) => update(to.publicKey, { balanceChange: amount });

describe("fee payer", () => {
  it("pays the fee and raises its nonce, also with a fee of zero and without updates", () => {
    const ledger = ledgerWith();
    const { fees } = applyCommand(ledger, byAlice([], { fee: 5n }), { ...context, fees: 2n });
    assert.equal(fees, 7n);
    assert.equal(ledger.get(0n)?.balance, 1000n * NANOMINA - 5n);
    accepts(byAlice([], { nonce: NONCE_BASE + 1n }), ledger);
    assert.equal(ledger.get(0n)?.nonce, NONCE_BASE + 2n);
  });

  it("must have an account", () => {
    refuses("EXECUTION_FEE_PAYER_UNKNOWN", signed({ feePayer: { key: stranger, nonce: NONCE_BASE } }));
  });

  it("must name its exact nonce", () => {
    refuses("EXECUTION_NONCE", byAlice([], { nonce: NONCE_BASE - 1n }));
    refuses("EXECUTION_NONCE", byAlice([], { nonce: NONCE_BASE + 1n }));
    refuses("EXECUTION_NONCE", byAlice([], { nonce: 0n }));
  });

  it("is not good twice", () => {
    const command = transfer({ from: alice, to: bob.publicKey, amount: 1n, nonce: NONCE_BASE });
    refuses("EXECUTION_NONCE", command, accepts(command));
  });

  it("must be able to pay", () => {
    refuses("EXECUTION_BALANCE", byAlice([], { fee: 1000n * NANOMINA + 1n }));
    accepts(byAlice([], { fee: 1000n * NANOMINA }));
  });

  it("is good up to and including validUntil", () => {
    accepts(byAlice([], { validUntil: SLOT }));
    refuses("EXECUTION_SLOT", byAlice([], { validUntil: SLOT - 1n }));
  });

  it("must have signed this command", () => {
    const command = byAlice([taken(1n), given(1n)]);
    const { feePayer, updates } = command;
    const { signature } = byAlice([]).feePayer;
    refuses("EXECUTION_SIGNATURE_INVALID", { ...command, feePayer: { ...feePayer, signature } });
    refuses("EXECUTION_SIGNATURE_INVALID", { ...command, feePayer: { ...feePayer, fee: 1n } });
    refuses("EXECUTION_SIGNATURE_INVALID", { ...command, updates: [updates[0]!, given(1n, alice)] });
    refuses("EXECUTION_SIGNATURE_INVALID", { ...command, memo: memo("other") });
    accepts(command);
  });

  it("must be allowed to send, to be accessed and to raise its nonce by signature", () => {
    const byBob = signed({ feePayer: { key: bob, fee: 1n, nonce: NONCE_BASE } });
    for (const name of ["send", "access", "incrementNonce"] as const) {
      refuses("EXECUTION_NOT_PERMITTED", byBob, ledgerWith(permissions({ [name]: "proof" })));
      refuses("EXECUTION_NOT_PERMITTED", byBob, ledgerWith(permissions({ [name]: "impossible" })));
      accepts(byBob, ledgerWith(permissions({ [name]: "either" })));
    }
  });

  it("must not come to its last nonce", () => {
    const last = signed({ feePayer: { key: bob, nonce: MAX_UINT32 } });
    refuses("EXECUTION_NONCE_EXHAUSTED", last, ledgerWith({ nonce: MAX_UINT32 }));
    accepts(
      signed({ feePayer: { key: bob, nonce: MAX_UINT32 - 1n } }),
      ledgerWith({ nonce: MAX_UINT32 - 1n }),
    );
  });

  it("must leave the batch's fees in 64 bits", () => {
    refuses("EXECUTION_FEES_OVERFLOW", byAlice([], { fee: 1n }), ledgerWith(), { fees: MAX_UINT64 });
    accepts(byAlice([], { fee: 1n }), ledgerWith(), { fees: MAX_UINT64 - 1n });
  });
});

describe("account updates", () => {
  it("move MINA", () => {
    const ledger = accepts(byAlice([taken(7n), given(7n)]));
    assert.equal(ledger.get(0n)?.balance, 1000n * NANOMINA - 7n);
    assert.equal(ledger.get(1n)?.balance, 1000n * NANOMINA + 7n);
  });

  it("must balance", () => {
    refuses("EXECUTION_EXCESS", byAlice([taken(7n), given(6n)]));
    refuses("EXECUTION_EXCESS", byAlice([taken(7n), given(8n)]));
    refuses("EXECUTION_EXCESS", byAlice([given(1n)]));
  });

  it("must keep the excess in 64 bits on the way", () => {
    const poor = ledgerWith({ balance: 0n });
    refuses("EXECUTION_EXCESS_OVERFLOW", byAlice([given(MAX_UINT64), given(5n, alice), taken(5n)]), poor);
  });

  it("must keep balances between 0 and 2^64 - 1", () => {
    refuses("EXECUTION_BALANCE", byAlice([taken(1001n * NANOMINA), given(1001n * NANOMINA)]));
    const full = ledgerWith({ balance: MAX_UINT64 - 1n });
    refuses("EXECUTION_BALANCE", byAlice([taken(2n), given(2n)]), full);
    accepts(byAlice([taken(1n), given(1n)]), full);
  });

  it("must be signed to take, by the account's own key", () => {
    refuses(
      "EXECUTION_NOT_PERMITTED",
      byAlice([update(bob.publicKey, { balanceChange: -1n }), given(1n, alice)]),
    );
    const command = byAlice([
      update(bob.publicKey, { balanceChange: -1n, useFullCommitment: true, signed: true }),
      given(1n, alice),
    ]);
    accepts(command);
    const [first, second] = command.updates as [AccountUpdate, AccountUpdate];
    const forged = { ...first, authorization: command.feePayer.signature };
    refuses("EXECUTION_SIGNATURE_INVALID", { ...command, updates: [forged, second] });
  });

  it("follow the send, receive and access permissions", () => {
    const receives = byAlice([taken(1n), given(1n)]);
    const sends = byAlice([
      update(bob.publicKey, { balanceChange: -1n, useFullCommitment: true, signed: true }),
      given(1n, alice),
    ]);
    const unsigned = byAlice([update(bob.publicKey, { balanceChange: -1n }), given(1n, alice)]);
    const touches = byAlice([given(0n)]);
    for (const auth of ["signature", "either", "proof", "impossible"] as const) {
      refuses("EXECUTION_NOT_PERMITTED", receives, ledgerWith(permissions({ receive: auth })));
      refuses("EXECUTION_NOT_PERMITTED", touches, ledgerWith(permissions({ access: auth })));
      accepts(touches, ledgerWith(permissions({ receive: auth, send: auth })));
    }
    refuses("EXECUTION_NOT_PERMITTED", sends, ledgerWith(permissions({ send: "proof" })));
    accepts(sends, ledgerWith(permissions({ send: "either" })));
    accepts(unsigned, ledgerWith(permissions({ send: "none" })));
  });

  it("follow the incrementNonce permission", () => {
    const increments = (isSigned: boolean) =>
      byAlice([
        update(bob.publicKey, { incrementNonce: true, nonce: exactly(NONCE_BASE), signed: isSigned }),
      ]);
    refuses("EXECUTION_NOT_PERMITTED", increments(false));
    refuses(
      "EXECUTION_NOT_PERMITTED",
      increments(true),
      ledgerWith(permissions({ incrementNonce: "proof" })),
    );
    const ledger = accepts(increments(false), ledgerWith(permissions({ incrementNonce: "none" })));
    assert.equal(ledger.get(1n)?.nonce, NONCE_BASE + 1n);
  });

  it("compare the nonce with both bounds", () => {
    const wants = (lower: bigint, upper: bigint) =>
      byAlice([update(bob.publicKey, { nonce: { lower, upper } })]);
    accepts(wants(NONCE_BASE, NONCE_BASE));
    accepts(wants(0n, MAX_UINT32));
    refuses("EXECUTION_NONCE", wants(NONCE_BASE + 1n, MAX_UINT32));
    refuses("EXECUTION_NONCE", wants(0n, NONCE_BASE - 1n));
    refuses("EXECUTION_NONCE", wants(MAX_UINT32, 0n));
  });

  it("compare the slot with both bounds", () => {
    const wants = (lower: bigint, upper: bigint) =>
      byAlice([update(bob.publicKey, { validWhile: { lower, upper } })]);
    accepts(wants(SLOT, SLOT));
    refuses("EXECUTION_SLOT", wants(SLOT + 1n, MAX_UINT32));
    refuses("EXECUTION_SLOT", wants(0n, SLOT - 1n));
  });

  it("cannot be signed so that the signature is good again", () => {
    const asBob = (changes: Parameters<typeof update>[1]) =>
      byAlice([update(bob.publicKey, { ...changes, signed: true })]);
    refuses("EXECUTION_REPLAYABLE", asBob({}));
    refuses("EXECUTION_REPLAYABLE", asBob({ incrementNonce: true }));
    refuses("EXECUTION_REPLAYABLE", asBob({ nonce: exactly(NONCE_BASE) }));
    const wide = { lower: NONCE_BASE, upper: NONCE_BASE + 1n };
    refuses("EXECUTION_REPLAYABLE", asBob({ incrementNonce: true, nonce: wide }));
    accepts(asBob({ incrementNonce: true, nonce: exactly(NONCE_BASE) }));
    accepts(asBob({ useFullCommitment: true }));
  });

  it("see what the updates before them did", () => {
    const twice = [0n, 1n].map((n) =>
      update(bob.publicKey, { incrementNonce: true, nonce: exactly(NONCE_BASE + n), signed: true }),
    );
    assert.equal(accepts(byAlice(twice)).get(1n)?.nonce, NONCE_BASE + 2n);
    refuses("EXECUTION_NONCE", byAlice(twice.toReversed()));
  });

  it("extend the receipt chain of who authorised them, and of nobody else", () => {
    const before = ledgerWith();
    const ledger = accepts(byAlice([taken(1n), given(1n)]));
    assert.notEqual(ledger.get(0n)?.receiptChainHash, before.get(0n)?.receiptChainHash);
    assert.equal(ledger.get(1n)?.receiptChainHash, before.get(1n)?.receiptChainHash);
  });

  it("cannot touch an account with a vesting schedule", () => {
    const timing = {
      initialMinimumBalance: 1n,
      cliffTime: 1n,
      cliffAmount: 1n,
      vestingPeriod: 1n,
      vestingIncrement: 0n,
    };
    refuses("EXECUTION_TIMED", byAlice([taken(1n), given(1n)]), ledgerWith({ timing }));
    refuses("EXECUTION_TIMED", signed({ feePayer: { key: bob, nonce: NONCE_BASE } }), ledgerWith({ timing }));
  });

  it("cannot touch the inner account", () => {
    const { ledger } = testSnapshot();
    const inner = (balanceChange: bigint) => update(INNER_KEY, { balanceChange });
    refuses("EXECUTION_NOT_PERMITTED", byAlice([inner(0n)]), ledger);
    refuses("EXECUTION_NOT_PERMITTED", byAlice([taken(1n), inner(1n)]), ledger);
    refuses("EXECUTION_NOT_PERMITTED", byAlice([inner(-1n), given(1n)]), ledger);
  });
});

describe("new accounts", () => {
  it("start at the nonce base, with default permissions, delegating to themselves", () => {
    const ledger = ledgerWith();
    const command = transfer({
      from: alice,
      to: carol.publicKey,
      amount: 5n,
      nonce: NONCE_BASE,
      creationFee: FEE,
    });
    const { fees, created } = applyCommand(ledger, command, context);
    assert.equal(fees, FEE);
    assert.deepEqual(created, [2n]);
    assert.deepEqual(ledger.get(2n), { ...defaultAccount(carol.publicKey, NONCE_BASE), balance: 5n });
    assert.equal(ledger.get(0n)?.balance, 1000n * NANOMINA - FEE - 5n);
  });

  it("may pay for themselves", () => {
    const creates = (amount: bigint) =>
      byAlice([
        taken(amount),
        update(carol.publicKey, { balanceChange: amount, implicitAccountCreationFee: true }),
      ]);
    refuses("EXECUTION_CREATION_FEE", creates(FEE - 1n));
    assert.equal(accepts(creates(FEE)).get(2n)?.balance, 0n);
    assert.equal(accepts(creates(FEE + 4n)).get(2n)?.balance, 4n);
  });

  it("must be paid for", () => {
    refuses("EXECUTION_EXCESS", byAlice([taken(5n), given(5n, carol)]));
    refuses("EXECUTION_EXCESS", byAlice([taken(FEE + 6n), given(5n, carol)]));
  });

  it("are paid for once, when a command names them twice", () => {
    const ledger = accepts(byAlice([taken(FEE + 9n), given(5n, carol), given(4n, carol)]));
    assert.equal(ledger.get(2n)?.balance, 9n);
    const implicit = { implicitAccountCreationFee: true };
    const both = byAlice([
      taken(FEE + 4n),
      update(carol.publicKey, { balanceChange: FEE, ...implicit }),
      update(carol.publicKey, { balanceChange: 4n, ...implicit }),
    ]);
    assert.equal(accepts(both).get(2n)?.balance, 4n);
  });

  it("are not made for keys that nobody can hold", () => {
    refuses("EXECUTION_KEY_INVALID", byAlice([taken(FEE), update({ x: 0n, isOdd: false })]));
    refuses("EXECUTION_KEY_INVALID", byAlice([taken(FEE), update({ x: 0n, isOdd: true })]));
  });

  it("cannot take part in a command made for L1", () => {
    const onL1 = signed({
      feePayer: { key: alice, nonce: NONCE_BASE },
      updates: [
        taken(FEE),
        update(carol.publicKey, { incrementNonce: true, nonce: exactly(0n), signed: true }),
      ],
    });
    refuses("EXECUTION_NONCE", onL1);
    accepts(onL1, ledgerWith(), { nonceBase: 0n });
  });
});

describe("call forests", () => {
  it("are applied depth first, and a change of shape breaks the signatures", () => {
    const list = [taken(9n), given(4n), given(5n)];
    const nested = byAlice(list.map((item, i) => ({ ...item, callDepth: i })));
    accepts(nested);
    const flattened = nested.updates.map((item) => ({ ...item, callDepth: 0 }));
    refuses("EXECUTION_SIGNATURE_INVALID", { ...nested, updates: flattened });
  });

  it("may not skip a level", () => {
    const command = byAlice([given(0n)]);
    refuses("COMMAND_CALL_DEPTH", { ...command, updates: [{ ...command.updates[0]!, callDepth: 1 }] });
  });
});

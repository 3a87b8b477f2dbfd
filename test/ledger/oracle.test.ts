import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import Client from "mina-signer";
import { accountHash, applyCommand, defaultAccount, Ledger } from "../../ledger/index.ts";
import {
  type AccountUpdate,
  type AuthRequired,
  commandToJson,
  type Interval,
  type MayUseToken,
  NANOMINA,
  type Permissions,
  type ZkappCommand,
} from "../../protocol/index.ts";
import { signed, type TestKey, testKey, transfer, update } from "./support/commands.ts";
import { Oracle } from "./support/ocamlLedger.ts";

const CREATION_FEE = NANOMINA;
const SLOT = 10n;
/** Commands of the random comparison. `FUZZ_RUNS=2000 FUZZ_SEED=1` looks longer, elsewhere. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 120);
const SEED = Number(process.env.FUZZ_SEED ?? 20);

/** Our ledger beside OCaml's, with the nonce base 0 that OCaml has. */
class Pair {
  readonly oracle = new Oracle(CREATION_FEE);
  readonly ledger = Ledger.empty();
  readonly keys: readonly TestKey[];

  constructor(keys: readonly TestKey[], balances: readonly bigint[]) {
    this.keys = keys;
    for (const [i, balance] of balances.entries()) {
      const { publicKey } = keys[i]!;
      this.oracle.add(publicKey, balance);
      this.ledger.set(BigInt(i), { ...defaultAccount(publicKey, 0n), balance });
    }
  }

  /** Applies a command to both; they must agree on whether it is good. */
  apply(command: ZkappCommand): string | null {
    const theirs = this.oracle.apply(command, SLOT);
    const ours = this.#applyOurs(command);
    assert.equal(ours === null, theirs === null, `ours: ${ours}, OCaml: ${theirs}`);
    if (theirs !== null) this.#takeOver(); // OCaml charges a failed command's fee, we refuse it
    this.compare();
    return ours;
  }

  /** Has OCaml run a command that sets permissions, which we do not take, and takes over what comes of it. */
  setPermissions(key: TestKey, changes: Partial<Permissions>): void {
    const account = this.oracle.get(key.publicKey)!;
    const command = permissionsCommand(key, account.nonce, { ...account.permissions, ...changes });
    assert.equal(this.oracle.applyJson(command, SLOT), null);
    this.#takeOver();
  }

  compare(): void {
    for (const [i, { publicKey }] of this.keys.entries()) {
      const [ours, theirs] = [this.ledger.find(publicKey), this.oracle.get(publicKey)];
      assert.deepEqual(ours, theirs, `account ${i}`);
      if (ours && theirs) assert.equal(accountHash(ours), accountHash(theirs));
    }
  }

  #applyOurs(command: ZkappCommand): string | null {
    const before = this.ledger.root();
    try {
      applyCommand(this.ledger, command, {
        slot: SLOT,
        fees: 0n,
        creationFee: CREATION_FEE,
        nonceBase: 0n,
      });
      return null;
    } catch (error) {
      assert.equal(this.ledger.root(), before, "a refused command changed something");
      return String(error);
    }
  }

  #takeOver(): void {
    for (const { publicKey } of this.keys) {
      const account = this.oracle.get(publicKey);
      const index = this.ledger.indexOf(publicKey);
      if (account && index !== null) this.ledger.set(index, account);
    }
  }
}

/** A signed command that sets all permissions of its fee payer, as JSON. */
function permissionsCommand(key: TestKey, nonce: bigint, permissions: Permissions): string {
  const own = update(key.publicKey, { useFullCommitment: true, signed: true });
  const json = commandToJson(signed({ feePayer: { key, nonce, fee: NANOMINA }, updates: [own] }));
  const upper = (auth: AuthRequired) => auth.charAt(0).toUpperCase() + auth.slice(1);
  const { setVerificationKeyTxnVersion: txnVersion, ...auths } = permissions;
  const all = Object.fromEntries(
    Object.entries(auths).map(([name, auth]) => [name, upper(auth as AuthRequired)]),
  );
  const setVerificationKey = {
    auth: upper(permissions.setVerificationKey),
    txnVersion: txnVersion.toString(),
  };
  const [first] = json.accountUpdates;
  const { body } = first!;
  const changed = { ...body, update: { ...body.update, permissions: { ...all, setVerificationKey } } };
  const zkappCommand = { ...json, accountUpdates: [{ ...first, body: changed }] };
  const feePayer = { ...json.feePayer.body, feePayer: json.feePayer.body.publicKey, memo: "" };
  const { data } = new Client({ network: "testnet" }).signZkappCommand(
    { zkappCommand, feePayer } as never,
    key.privateKey,
  );
  return JSON.stringify(data.zkappCommand);
}

const keys = Array.from({ length: 8 }, (_, i) => testKey(i));
const [alice, bob, carol] = keys as [TestKey, TestKey, TestKey];
const pair = () => new Pair(keys, [100n * NANOMINA, 50n * NANOMINA, 3n * NANOMINA, 0n]);

describe("against Mina's OCaml ledger", () => {
  it("sends, with a fee and a memo", () => {
    const both = pair();
    assert.equal(
      both.apply(transfer({ from: alice, to: bob.publicKey, amount: 7n, nonce: 0n, fee: 3n, memo: "hi" })),
      null,
    );
    assert.equal(both.apply(transfer({ from: bob, to: alice.publicKey, amount: 0n, nonce: 0n })), null);
  });

  it("creates accounts, whoever pays for them", () => {
    const both = pair();
    const [, , , , dave, erin] = keys as TestKey[];
    const funded = transfer({
      from: alice,
      to: dave!.publicKey,
      amount: 5n,
      nonce: 0n,
      creationFee: CREATION_FEE,
    });
    assert.equal(both.apply(funded), null);
    const implicit = signed({
      feePayer: { key: alice, nonce: 1n },
      updates: [
        update(alice.publicKey, { balanceChange: -CREATION_FEE, useFullCommitment: true, signed: true }),
        update(erin!.publicKey, { balanceChange: CREATION_FEE, implicitAccountCreationFee: true }),
      ],
    });
    assert.equal(both.apply(implicit), null);
    assert.equal(both.ledger.find(erin!.publicKey)?.balance, 0n);
  });

  it("walks call forests with partial commitments", () => {
    const both = pair();
    const at = (nonce: bigint) => ({ lower: nonce, upper: nonce });
    const command = signed({
      feePayer: { key: alice, nonce: 0n, fee: 1n },
      updates: [
        update(bob.publicKey, { balanceChange: -9n, incrementNonce: true, nonce: at(0n), signed: true }),
        update(carol.publicKey, { callDepth: 1, balanceChange: 4n, mayUseToken: "parentsOwnToken" }),
        update(alice.publicKey, { callDepth: 2, balanceChange: 4n, mayUseToken: "inheritFromParent" }),
        update(carol.publicKey, { callDepth: 1, incrementNonce: true, nonce: at(0n), signed: true }),
        update(bob.publicKey, { balanceChange: 1n, useFullCommitment: true, signed: true }),
      ],
    });
    assert.equal(both.apply(command), null);
  });

  it("agrees on who may send, receive, touch and count up, for every permission", () => {
    const values: readonly AuthRequired[] = ["none", "either", "signature", "proof", "impossible"];
    for (const name of ["send", "receive", "access", "incrementNonce"] as const) {
      const verdicts = values.map((auth, i) => {
        const key = testKey(40 + i);
        const fresh = pairWith(key);
        fresh.setPermissions(key, { [name]: auth });
        let verdict = "";
        for (const command of touches(fresh, key)) verdict += fresh.apply(command) === null ? "+" : "-";
        return verdict;
      });
      assert.deepEqual(verdicts, expected[name], name);
    }
  });

  it(`agrees on ${RUNS} random commands, good and bad`, () => {
    const both = pair();
    let good = 0;
    const runs = fc.sample(drafts, { numRuns: RUNS, seed: SEED });
    for (const [i, draft] of runs.entries()) {
      const command = build(both, draft);
      try {
        if (both.apply(command) === null) good++;
      } catch (error) {
        throw new Error(`run ${i}`, { cause: error });
      }
    }
    // The generator must not drift into refusals alone, nor into commands that cannot fail.
    assert.ok(good > RUNS / 5 && good < RUNS, `${good} of ${RUNS} went through`);
  });
});

/** Alice, and an account with 50 MINA. */
const pairWith = (key: TestKey) => new Pair([alice, key], [100n * NANOMINA, 50n * NANOMINA]);

/** Takes, gives, touches and counts up, first signed, then unsigned; last as a fee payer. Each on the account as it is then. */
function* touches(both: Pair, key: TestKey): Generator<ZkappCommand> {
  for (const isSigned of [true, false]) {
    for (const [amount, increments] of [
      [-1n, false],
      [1n, false],
      [0n, false],
      [0n, true],
    ] as const) {
      const own = update(key.publicKey, {
        balanceChange: amount,
        incrementNonce: increments,
        useFullCommitment: isSigned,
        signed: isSigned,
      });
      const rest =
        amount === 0n
          ? []
          : [update(alice.publicKey, { balanceChange: -amount, useFullCommitment: true, signed: true })];
      const { nonce } = both.oracle.get(alice.publicKey)!;
      yield signed({ feePayer: { key: alice, nonce }, updates: [own, ...rest] });
    }
  }
  yield signed({ feePayer: { key, nonce: both.oracle.get(key.publicKey)!.nonce, fee: 1n } });
}

/** By permission, and for "none", "either", "signature", "proof", "impossible": what goes through of {@link touches}. */
const expected = {
  send: ["+++++++-+", "++++-++-+", "++++-++-+", "-+++-++--", "-+++-++--"],
  receive: ["++++-++-+", "++++--+-+", "++++--+-+", "+-++--+-+", "+-++--+-+"],
  access: ["++++-++-+", "++++----+", "++++----+", "---------", "---------"],
  incrementNonce: ["++++-++++", "++++-++-+", "++++-++-+", "+++--++--", "+++--++--"],
};

interface DraftUpdate {
  readonly who: number;
  readonly amount: bigint;
  readonly signed: boolean;
  readonly deeper: 0 | 1 | 2;
  readonly incrementNonce: boolean;
  readonly useFullCommitment: boolean;
  readonly implicit: boolean;
  readonly token: MayUseToken;
  readonly nonce: "none" | "exact" | "wide" | "wrong";
  readonly slots: "none" | "now" | "past" | "future";
}

interface DraftCommand {
  readonly payer: number;
  readonly fee: bigint;
  readonly nonceOff: bigint;
  readonly validUntil: bigint | null;
  readonly spoilt: boolean;
  readonly balanced: boolean;
  readonly sane: boolean;
  readonly updates: readonly DraftUpdate[];
}

const rarely = fc.nat(9).map((n) => n === 0);
const amounts = fc.oneof(
  { weight: 8, arbitrary: fc.bigInt(0n, NANOMINA / 8n) },
  { weight: 1, arbitrary: fc.bigInt(NANOMINA, 3n * NANOMINA) },
  { weight: 1, arbitrary: fc.constantFrom(0n, 1n, CREATION_FEE, (1n << 64n) - 1n) },
);
const draftUpdate: fc.Arbitrary<DraftUpdate> = fc.record({
  who: fc.nat(keys.length - 1),
  amount: fc.tuple(amounts, fc.boolean()).map(([a, negative]) => (negative ? -a : a)),
  signed: fc.boolean(),
  deeper: fc.constantFrom(0, 1, 2),
  incrementNonce: fc.boolean(),
  useFullCommitment: fc.boolean(),
  implicit: fc.boolean(),
  token: fc.constantFrom("no", "parentsOwnToken", "inheritFromParent"),
  nonce: fc.constantFrom("none", "exact", "wide", "wrong"),
  slots: fc.constantFrom("none", "none", "none", "now", "now", "past", "future"),
});
const drafts: fc.Arbitrary<DraftCommand> = fc.record({
  payer: fc.nat(3),
  fee: fc.oneof({ weight: 5, arbitrary: fc.bigInt(0n, 1000n) }, { weight: 1, arbitrary: amounts }),
  nonceOff: rarely.map((off) => (off ? 1n : 0n)),
  validUntil: fc.constantFrom(null, null, null, SLOT, SLOT + 1n, SLOT - 1n),
  spoilt: rarely,
  balanced: fc.nat(4).map((n) => n > 0),
  sane: fc.nat(3).map((n) => n > 0),
  updates: fc.array(draftUpdate, { maxLength: 5 }),
});

/** A command from a draft and what the accounts look like now, so that many of them are good. */
function build(both: Pair, draft: DraftCommand): ZkappCommand {
  const payer = keys[draft.payer]!;
  const nonces = new Map<number, bigint>();
  const nonceOf = (who: number) => nonces.get(who) ?? both.ledger.find(keys[who]!.publicKey)?.nonce ?? 0n;
  const nonce = nonceOf(draft.payer) + draft.nonceOff;
  nonces.set(draft.payer, nonce + 1n);
  const updates: AccountUpdate[] = [];
  let depth = -1;
  for (const item of draft.updates) {
    depth = Math.max(0, Math.min(item.deeper, depth + 1));
    const who = keys[item.who]!;
    const now = nonceOf(item.who);
    const exists = both.ledger.find(who.publicKey) !== null;
    // A sane draft takes only from accounts that there are, and puts enough into the others.
    const amount = !draft.sane || exists ? item.amount : abs(item.amount) + CREATION_FEE;
    const takes = amount < 0n;
    // It signs what it takes, and signs it so that it cannot be replayed.
    const isSigned = draft.sane ? takes || (item.signed && exists) : item.signed;
    const increments = draft.sane ? isSigned && item.incrementNonce : item.incrementNonce;
    const full = draft.sane ? isSigned && (!increments || item.useFullCommitment) : item.useFullCommitment;
    if (increments) nonces.set(item.who, now + 1n);
    updates.push(
      update(who.publicKey, {
        callDepth: depth,
        balanceChange: amount,
        incrementNonce: increments,
        useFullCommitment: full,
        implicitAccountCreationFee: item.implicit,
        mayUseToken: item.token,
        nonce: interval(draft.sane ? (increments ? "exact" : "none") : item.nonce, now),
        validWhile: draft.sane && item.slots !== "now" ? null : slots(item.slots),
        signed: isSigned,
      }),
    );
  }
  if (draft.balanced) balance(both, updates, payer);
  const command = signed({
    feePayer: { key: payer, fee: draft.fee, nonce, validUntil: draft.validUntil },
    updates,
  });
  if (!draft.spoilt) return command;
  const { feePayer } = command;
  return { ...command, feePayer: { ...feePayer, signature: { ...feePayer.signature, s: 5n } } };
}

/** Adds an update of the fee payer that brings the excess to zero, creation fees counted. */
function balance(both: Pair, updates: AccountUpdate[], payer: TestKey): void {
  const created = new Set<bigint>();
  let excess = 0n;
  for (const { publicKey, balanceChange, implicitAccountCreationFee } of updates) {
    const isNew = !both.ledger.find(publicKey) && !created.has(publicKey.x);
    if (isNew) created.add(publicKey.x);
    excess -= balanceChange;
    if (isNew && !implicitAccountCreationFee) excess -= CREATION_FEE;
  }
  if (excess !== 0n && excess > -(1n << 64n) && excess < 1n << 64n)
    updates.push(update(payer.publicKey, { balanceChange: excess, useFullCommitment: true, signed: true }));
}

const abs = (amount: bigint) => (amount < 0n ? -amount : amount);

function interval(kind: DraftUpdate["nonce"], now: bigint): Interval | null {
  switch (kind) {
    case "none":
      return null;
    case "exact":
      return { lower: now, upper: now };
    case "wide":
      return { lower: 0n, upper: now + 3n };
    case "wrong":
      return { lower: now + 1n, upper: now + 9n };
  }
}

function slots(kind: DraftUpdate["slots"]): Interval | null {
  switch (kind) {
    case "none":
      return null;
    case "now":
      return { lower: SLOT, upper: SLOT };
    case "past":
      return { lower: 0n, upper: SLOT - 1n };
    case "future":
      return { lower: SLOT + 1n, upper: SLOT + 9n };
  }
}

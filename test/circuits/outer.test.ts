import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { AccountUpdate, Field, initializeBindings, Permissions } from "o1js";
import { publicKeyFrom } from "../../circuits/mina/index.ts";
import {
  applyCommit,
  commitWitness,
  OuterErrors,
  outerPermissions,
  requireFullSignature,
} from "../../circuits/outer/index.ts";
import { allocated, domainOf, type OuterState, outerAfterCommit, outerFields } from "../../protocol/index.ts";
import { sampleKey as testKey } from "../../scripts/vectors/samples.ts";
import {
  type CommitCase,
  commitCase,
  OuterChain,
  outerKey,
  proofsOf,
  testGenesis,
  testOuter,
  testState,
} from "./support/outerFixture.ts";

const says = (text: string) => (error: unknown) => error instanceof Error && error.message.includes(text);

const apply = (commit: CommitCase, self = outerKey.publicKey) =>
  applyCommit(publicKeyFrom(self), proofsOf(commit), commitWitness(commit.input));

/** A good commit with parts of its input replaced. */
const withInput = (commit: CommitCase, input: Partial<CommitCase["input"]>): CommitCase => ({
  ...commit,
  input: { ...commit.input, ...input },
});

before(() => initializeBindings());

describe("rule of commit", () => {
  it("leads to the fields that the plain twin gives", () => {
    const commit = commitCase();
    const { outer, target, landBy } = commit.input;
    const effect = apply(commit);
    assert.deepEqual(effect.before.map(String), outerFields(outer).map(String));
    assert.deepEqual(
      effect.after.map(String),
      outerFields(outerAfterCommit(outer, target, landBy)).map(String),
    );
  });

  const refusals: [name: string, change: (good: CommitCase) => CommitCase, reason: string][] = [
    [
      "a step from another state",
      (c) => ({ ...c, source: { ...c.source, batch: 7n } }),
      OuterErrors.wrongStatement,
    ],
    ["a statement of something else", (c) => ({ ...c, statement: 5n }), OuterErrors.wrongStatement],
    [
      "a landing limit that was not signed",
      (c) => ({ ...withInput(c, { landBy: 5000n }), statement: proofsOf(c).wrapper.statement.toBigInt() }),
      OuterErrors.wrongStatement,
    ],
    [
      "another domain than field 7's",
      (c) => withInput(c, { domain: { ...c.input.domain, daChainId: 1n } }),
      OuterErrors.wrongDomain,
    ],
    ["other constants than field 7's", (c) => ({ ...c, ctx: 5n }), OuterErrors.wrongContext],
    ["a quorum over another batch", (c) => ({ ...c, message: 5n }), OuterErrors.wrongMessage],
    [
      "a data root that was not signed",
      (c) => ({ ...withInput(c, { dataRoot: 70n }), message: proofsOf(c).message.toBigInt() }),
      OuterErrors.wrongMessage,
    ],
    [
      "a data length that was not signed",
      (c) => ({ ...withInput(c, { dataLength: 70n }), message: proofsOf(c).message.toBigInt() }),
      OuterErrors.wrongMessage,
    ],
    [
      "a scheme that was not signed",
      (c) => ({ ...withInput(c, { scheme: 2n }), message: proofsOf(c).message.toBigInt() }),
      OuterErrors.wrongMessage,
    ],
    ["a quorum of a set that is not in force", (c) => ({ ...c, setHash: 5n }), OuterErrors.wrongValidators],
    [
      "anything once the rollup is frozen",
      (c) => withInput(c, { outer: { ...c.input.outer, status: { ...c.input.outer.status, frozen: true } } }),
      OuterErrors.frozen,
    ],
  ];
  for (const [name, change, reason] of refusals) {
    it(`refuses ${name}`, () => {
      apply(commitCase());
      assert.throws(() => apply(change(commitCase())), says(reason));
    });
  }

  it("refuses a step of the same rollup at another outer account", () => {
    assert.throws(() => apply(commitCase(), testKey("elsewhere").publicKey), says(OuterErrors.wrongDomain));
  });

  it("takes the previous set while its grace covers the whole window, and not a slot longer", () => {
    const previous = 99n;
    const upper = commitCase().input.target.lastSlot + testGenesis.delays.maxLag;
    const inGrace = (graceEnd: bigint): CommitCase => ({
      ...commitCase({ ...testOuter, validators: { ...testOuter.validators, previous, graceEnd } }),
      setHash: previous,
    });
    apply(inGrace(upper));
    assert.throws(() => apply(inGrace(upper - 1n)), says(OuterErrors.wrongValidators));
  });

  it("ends the window at the landing limit or the longest lag, whichever is first", () => {
    const { lastSlot } = commitCase().input.target;
    const windowOf = (landBy: bigint) => {
      const { lower, upper } = apply(withInput(commitCase(), { landBy }));
      return [lower.toBigint() - lastSlot, upper.toBigint() - lastSlot];
    };
    assert.deepEqual(windowOf(lastSlot + 5n), [0n, 5n]);
    assert.deepEqual(windowOf(lastSlot + 500n), [0n, testGenesis.delays.maxLag]);
  });

  it("does not overflow when the longest lag reaches beyond the last slot of all", () => {
    const maxLag = 2n ** 32n - 1n;
    const { governance } = testOuter;
    const outer = { ...testOuter, governance: { ...governance, delays: { ...governance.delays, maxLag } } };
    assert.equal(apply(commitCase(outer)).upper.toBigint(), 2n ** 32n - 1n);
  });

  it("does not start the window before a pause is over", () => {
    const paused = (pausedUntil: bigint) =>
      apply(commitCase({ ...testOuter, status: { ...testOuter.status, pausedUntil } })).lower.toBigint();
    assert.equal(paused(110n), 110n);
    assert.equal(paused(90n), 100n);
  });

  it("keeps a pending root until it is old enough, then promotes it", () => {
    const pendingAt = (upper: bigint): OuterState => ({
      ...testOuter,
      pending: { root: 5n, batch: 1n, upper },
    });
    const after = (outer: OuterState) => apply(commitCase(outer)).after.map(String);
    const [young, old] = [pendingAt(91n), pendingAt(90n)];
    assert.deepEqual(after(young).slice(1, 4), outerFields(young).map(String).slice(1, 4));
    const [, pending, matured, previous] = after(old);
    assert.notEqual(pending, outerFields(old)[1]!.toString());
    assert.deepEqual([matured, previous], outerFields(old).slice(1, 3).map(String));
  });

  it("ends openness and a freeze's notice when it processes actions, and only then", () => {
    const status = { ...testOuter.status, openSince: 3n, freezeAnnouncedAt: 4n };
    const outer = { ...testOuter, status };
    const unmoved = apply(commitCase(outer));
    const moved = apply(commitCase(outer, testState, { cursor: 9n, processed: 1n }));
    assert.equal(unmoved.open.toBoolean(), true);
    assert.equal(unmoved.after[5]!.toBigInt(), outerFields(outer)[5]);
    assert.equal(moved.after[5]!.toBigInt(), outerFields(testOuter)[5]);
  });
});

describe("deployment of the outer account", () => {
  it("sets all fields, permissions and the allocations at once", async () => {
    const outer = await OuterChain.deployed();
    outer.assertFieldsOf(testOuter);
    const account = outer.chain.getAccount(outer.address);
    assert.equal(account.balance.toBigInt(), allocated(testGenesis));
    for (const [name, permission] of Object.entries(outerPermissions()))
      assert.deepEqual(JSON.stringify(Object(account.permissions)[name]), JSON.stringify(permission), name);
  });

  it("refuses a second initialisation, with the outer key's signature too", async () => {
    const outer = await OuterChain.deployed();
    await assert.rejects(outer.deploy(testOuter), says("Cannot update field 'permissions'"));
  });

  it("refuses to change a field, the permissions or the key by signature", async () => {
    const outer = await OuterChain.deployed();
    const attempts: [reason: string, (update: AccountUpdate) => void][] = [
      ["Update_not_permitted_app_state", (u) => AccountUpdate.setValue(u.body.update.appState[0]!, Field(1))],
      ["Cannot update field 'permissions'", (u) => u.account.permissions.set(Permissions.allImpossible())],
      ["Cannot update field 'tokenSymbol'", (u) => u.account.tokenSymbol.set("ZEKO")],
    ];
    for (const [reason, attempt] of attempts) {
      const sent = outer.send(async () => {
        const update = AccountUpdate.create(outer.address);
        requireFullSignature(update);
        attempt(update);
      }, [outerKey.privateKey]);
      await assert.rejects(sent, says(reason));
    }
    outer.assertFieldsOf(testOuter);
  });

  it("refuses the inherited deploy", async () => {
    const outer = await OuterChain.create();
    await assert.rejects(outer.contract.deploy(), says(OuterErrors.deployUnused));
  });
});

describe("commit on Mina's ledger", () => {
  it("accepts one batch after the other", async () => {
    const outer = await OuterChain.deployed();
    const first = commitCase();
    outer.setSlot(100n);
    await outer.commit(first);
    outer.assertFieldsOf(outer.outer);
    const second = commitCase(outer.outer, first.input.target);
    outer.setSlot(210n);
    await outer.commit(second);
    outer.assertFieldsOf(outer.outer);
  });

  it("refuses a batch that was accepted already, and one on a state that is not L1's", async () => {
    const outer = await OuterChain.deployed();
    const commit = commitCase();
    outer.setSlot(100n);
    await outer.commit(commit);
    await assert.rejects(outer.commit(commit), says('["Account_app_state_precondition_unsatisfied",0]'));
  });

  it("refuses to land before or after its window", async () => {
    const outer = await OuterChain.deployed();
    for (const slot of [99n, 121n]) {
      outer.setSlot(slot);
      await assert.rejects(outer.commit(commitCase()), says("Valid_while_precondition_unsatisfied"));
    }
    outer.setSlot(120n);
    await outer.commit(commitCase());
  });

  it("refuses preimages of other fields than the account's", async () => {
    const outer = await OuterChain.deployed();
    outer.setSlot(100n);
    const tampered: [number, OuterState][] = [
      [1, { ...testOuter, pending: { root: 1n, batch: 1n, upper: 1n } }],
      [2, { ...testOuter, matured: { root: 1n, batch: 1n, upper: 1n } }],
      [3, { ...testOuter, previous: { root: 1n, batch: 1n, upper: 1n } }],
      [5, { ...testOuter, status: { ...testOuter.status, openSince: 1n } }],
      [6, { ...testOuter, validators: { ...testOuter.validators, current: 5n } }],
      [7, { ...testOuter, governance: { ...testOuter.governance, queued: 5n } }],
    ];
    for (const [field, state] of tampered) {
      const reason = `["Account_app_state_precondition_unsatisfied",${field}]`;
      await assert.rejects(outer.commit(commitCase(state)), says(reason));
    }
  });

  it("asks for the sequencer authority's signature, unless anybody may commit", async () => {
    const outer = await OuterChain.deployed();
    outer.setSlot(100n);
    await assert.rejects(outer.commit(commitCase(), []), says("Invalid signature"));
    const open = { ...testOuter, status: { ...testOuter.status, openSince: 50n } };
    const opened = await OuterChain.deployed(open);
    opened.setSlot(100n);
    await opened.commit(commitCase(open), []);
    opened.assertFieldsOf(opened.outer);
  });

  it("takes processed actions only up to an action state that the account remembers", async () => {
    const outer = await OuterChain.deployed();
    outer.setSlot(100n);
    const moved = commitCase(testOuter, testState, { cursor: 9n, processed: 1n });
    await assert.rejects(outer.commit(moved), says("Account_action_state_precondition_unsatisfied"));
    const remembered = AccountUpdate.Actions.emptyActionState().toBigInt();
    await outer.commit({ ...moved, recent: remembered });
    outer.assertFieldsOf(outer.outer);
  });

  it("leaves the account's actions alone when the cursor does not move", async () => {
    const outer = await OuterChain.deployed();
    outer.setSlot(100n);
    await outer.commit({ ...commitCase(), recent: 12345n });
    outer.assertFieldsOf(outer.outer);
  });

  it("names the deployment's domain as everybody computes it", () => {
    assert.deepEqual(domainOf(testGenesis).outerKey, outerKey.publicKey);
  });
});

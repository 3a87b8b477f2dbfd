import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { initializeBindings } from "o1js";
import { applyRotation, OuterErrors, rotationWitness, type SignedBy } from "../../circuits/outer/index.ts";
import { foldSlots, QuorumErrors, QuorumProof, quorumWitness } from "../../circuits/quorum/index.ts";
import {
  type Attestation,
  comparePublicKeys,
  defaultThreshold,
  domainHash,
  domainOf,
  MAX_UINT32,
  type OuterState,
  outerAfterRotation,
  outerFields,
  possessionMessage,
  type RotationKind,
  type RotationTerms,
  rotationMessage,
  rotationWindow,
  signFields,
  type ValidatorSet,
  validatorSetHash,
} from "../../protocol/index.ts";
import { sampleKey } from "../../scripts/vectors/samples.ts";
import { commitCase, OuterChain, testGenesis, testOuter, testState } from "./support/outerFixture.ts";

type Keys = readonly ReturnType<typeof sampleKey>[];

const keysOf = (...names: string[]): Keys =>
  names.map(sampleKey).sort((a, b) => comparePublicKeys(a.publicKey, b.publicKey));
const oldKeys = keysOf("v1", "v2", "v3", "v4");
const newKeys = keysOf("v2", "v3", "v4", "v5");
const strangers = keysOf("w1", "w2", "w3");
const setOf = (keys: Keys, epoch: bigint, weight = 1n): ValidatorSet => ({
  epoch,
  threshold: defaultThreshold(BigInt(keys.length) * weight),
  members: keys.map(({ publicKey }) => ({ publicKey, weight })),
});
const current = setOf(oldKeys, 0n);
const { grace, maxLag } = testGenesis.delays;

/** One rotation, of which a test changes a part. */
interface RotationCase {
  readonly outer: OuterState;
  readonly current: ValidatorSet;
  readonly currentKeys: Keys;
  /** Slots of the current set that approve. */
  readonly approving: readonly number[];
  readonly next: ValidatorSet;
  readonly nextKeys: Keys;
  readonly possessing: readonly number[];
  /** What was signed, where it is not what the witness says. */
  readonly signed: Partial<RotationTerms>;
  readonly state: bigint;
  readonly until: bigint;
  readonly kind: RotationKind;
}

const good: RotationCase = {
  outer: testOuter,
  current,
  currentKeys: oldKeys,
  approving: [0, 1, 3],
  next: setOf(newKeys, 1n),
  nextKeys: newKeys,
  possessing: [0, 1, 2, 3],
  signed: {},
  state: 77n,
  until: 500n,
  kind: "normal",
};

const votesOf = (keys: Keys, slots: readonly number[], message: bigint): Attestation[] =>
  slots.map((slot) => ({ slot, signature: signFields(keys[slot]!.privateKey, [message]) }));

/** What the quorum program says, by its own rule. */
function signedBy(set: ValidatorSet, votes: readonly Attestation[], message: bigint): SignedBy {
  const witness = quorumWitness({ message, set, attestations: votes }, set.members.length);
  return { message: witness.message, quorum: foldSlots(witness.message, witness.rule, witness.slots) };
}

function termsOf(c: RotationCase): RotationTerms {
  const { state, until, kind } = c;
  const domain = domainHash(domainOf(testGenesis));
  const sets = { current: validatorSetHash(c.current), next: validatorSetHash(c.next) };
  return { domain, ...sets, state, until, kind, ...c.signed };
}

function proofsOf(c: RotationCase): [change: SignedBy, possession: SignedBy] {
  const [change, possession] = [rotationMessage(termsOf(c)), possessionMessage(termsOf(c))];
  return [
    signedBy(c.current, votesOf(c.currentKeys, c.approving, change), change),
    signedBy(c.next, votesOf(c.nextKeys, c.possessing, possession), possession),
  ];
}

const apply = (c: RotationCase) => applyRotation(...proofsOf(c), rotationWitness(c));
const withDelays = (delays: Partial<OuterState["governance"]["delays"]>): OuterState => ({
  ...testOuter,
  governance: { ...testOuter.governance, delays: { ...testOuter.governance.delays, ...delays } },
});
const says = (text: string) => (error: unknown) => error instanceof Error && error.message.includes(text);

/** Sends a rotation to the outer account on o1js' ledger. */
async function rotate(chain: OuterChain, c: RotationCase): Promise<void> {
  const proofs = await Promise.all(
    proofsOf(c).map(({ message, quorum }) => QuorumProof.dummy(message, quorum, 0)),
  );
  await chain.send(() => chain.contract.rotateValidators(proofs[0]!, proofs[1]!, rotationWitness(c)));
  chain.outer = outerAfterRotation(chain.outer, {
    next: validatorSetHash(c.next),
    until: c.until,
    kind: c.kind,
  });
}

before(() => initializeBindings());

describe("rule of rotateValidators", () => {
  for (const kind of ["normal", "removal"] as const)
    it(`leads to the field that the plain twin gives: ${kind}`, () => {
      const effect = apply({ ...good, kind });
      const after = outerAfterRotation(testOuter, { ...termsOf(good), kind });
      assert.equal(effect.before.toBigInt(), outerFields(testOuter)[6]);
      assert.equal(effect.after.toBigInt(), outerFields(after)[6]);
      assert.equal(effect.governance.toBigInt(), outerFields(testOuter)[7]);
      const { lower, upper } = rotationWindow(testOuter, good.until);
      assert.deepEqual([effect.lower.toBigint(), effect.upper.toBigint()], [lower, upper]);
      assert.equal(after.validators.previous, kind === "normal" ? validatorSetHash(current) : 0n);
    });

  it("takes a next set that shares no key with the current one", () => {
    apply({ ...good, next: setOf(strangers, 1n), nextKeys: strangers, possessing: [0, 1, 2] });
  });

  it("takes the same members for another epoch", () => {
    apply({ ...good, next: setOf(oldKeys, 1n), nextKeys: oldKeys });
  });

  const refusals: [name: string, change: Partial<RotationCase>, reason: string][] = [
    ["a minority of the current set", { approving: [0, 1] }, QuorumErrors.belowThreshold],
    [
      "a possession that one member did not sign",
      { possessing: [0, 1, 3] },
      OuterErrors.possessionIncomplete,
    ],
    ["a skipped epoch", { next: setOf(newKeys, 2n) }, OuterErrors.rotationEpoch],
    ["the current epoch once more", { next: setOf(newKeys, 0n) }, OuterErrors.rotationEpoch],
    ["another next set than was signed", { signed: { next: 5n } }, OuterErrors.rotationNotSigned],
    ["another current set than was signed", { signed: { current: 5n } }, OuterErrors.rotationNotSigned],
    ["another deployment", { signed: { domain: 5n } }, OuterErrors.rotationNotSigned],
    ["another end than was signed", { signed: { until: 501n } }, OuterErrors.rotationNotSigned],
    ["another kind than was signed", { signed: { kind: "removal" } }, OuterErrors.rotationNotSigned],
    ["another state than was signed", { signed: { state: 78n } }, OuterErrors.rotationNotSigned],
    [
      "the quorum of a set that is not in force",
      { current: setOf(strangers, 0n), currentKeys: strangers, approving: [0, 1, 2] },
      OuterErrors.rotationNotCurrent,
    ],
    [
      "the current members counted with other weights",
      { current: setOf(oldKeys, 0n, 2n) },
      OuterErrors.rotationNotCurrent,
    ],
  ];
  for (const [name, change, reason] of refusals)
    it(`refuses ${name}`, () => {
      assert.throws(() => apply({ ...good, ...change }), says(reason));
    });

  it("refuses possession of another state than the one that the change names", () => {
    const [change] = proofsOf(good);
    const [, possession] = proofsOf({ ...good, signed: { state: 78n } });
    assert.throws(
      () => applyRotation(change, possession, rotationWitness(good)),
      says(OuterErrors.possessionNotSigned),
    );
  });

  it("refuses each message in the other's place, though the members were the same", () => {
    const same = { ...good, next: setOf(oldKeys, 1n), nextKeys: oldKeys, approving: [0, 1, 2, 3] };
    const [change, possession] = proofsOf(same);
    const swapped = { message: possession.message, quorum: change.quorum };
    assert.throws(
      () => applyRotation(swapped, possession, rotationWitness(same)),
      says(OuterErrors.rotationNotSigned),
    );
    assert.throws(
      () => applyRotation(change, { ...possession, message: change.message }, rotationWitness(same)),
      says(OuterErrors.possessionNotSigned),
    );
  });

  it("refuses the old set's signatures under the next set's list", () => {
    const message = rotationMessage(termsOf(good));
    const votes = votesOf(oldKeys, [0, 1, 3], message);
    assert.throws(() => signedBy(setOf(newKeys, 0n), votes, message), says(QuorumErrors.badSignature));
  });

  it("refuses a quorum of the set that is in its grace", () => {
    const outer = outerAfterRotation(testOuter, termsOf(good));
    const again = { ...good, outer, next: setOf(keysOf("v1", "v2"), 1n), nextKeys: keysOf("v1", "v2") };
    assert.throws(() => apply({ ...again, possessing: [0, 1] }), says(OuterErrors.rotationNotCurrent));
  });

  it("ends the grace at the last slot of all instead of overflowing", () => {
    const outer = withDelays({ grace: MAX_UINT32, maxLag: MAX_UINT32 });
    const { after, lower } = apply({ ...good, outer });
    const expected = outerAfterRotation(outer, termsOf(good));
    assert.equal(expected.validators.graceEnd, MAX_UINT32);
    assert.equal(after.toBigInt(), outerFields(expected)[6]);
    assert.equal(lower.toBigint(), 0n);
  });

  it("starts its window no longer before its end than grace and lag together", () => {
    assert.equal(apply(good).lower.toBigint(), good.until - grace - maxLag);
    assert.equal(apply({ ...good, until: 5n }).lower.toBigint(), 0n);
  });
});

describe("rotateValidators on Mina's ledger", () => {
  it("changes field 6 alone, whoever sends it, also during a pause", async () => {
    const status = { ...testOuter.status, pausedUntil: 100_000n, freezeAnnouncedAt: 3n };
    const chain = await OuterChain.deployed({ ...testOuter, status });
    chain.setSlot(good.until);
    await rotate(chain, { ...good, outer: chain.outer });
    chain.assertFieldsOf(chain.outer);
    assert.equal(chain.outer.validators.current, validatorSetHash(good.next));
  });

  it("refuses to land before or after its window", async () => {
    const chain = await OuterChain.deployed();
    for (const slot of [good.until - grace - maxLag - 1n, good.until + 1n]) {
      chain.setSlot(slot);
      await assert.rejects(rotate(chain, good), says("Valid_while_precondition_unsatisfied"));
    }
  });

  it("refuses the same rotation again, and one for the epoch after a next one that never came", async () => {
    const chain = await OuterChain.deployed();
    chain.setSlot(good.until);
    const later: RotationCase = {
      ...good,
      current: good.next,
      currentKeys: newKeys,
      next: setOf(oldKeys, 2n),
      nextKeys: oldKeys,
    };
    const assumed = { ...later, outer: outerAfterRotation(testOuter, termsOf(good)) };
    await assert.rejects(rotate(chain, assumed), says('["Account_app_state_precondition_unsatisfied",6]'));
    await rotate(chain, good);
    await assert.rejects(rotate(chain, good), says('["Account_app_state_precondition_unsatisfied",6]'));
    await rotate(chain, { ...later, outer: chain.outer });
    chain.assertFieldsOf(chain.outer);
  });

  it("refuses field 7 other than the account's", async () => {
    const chain = await OuterChain.deployed();
    chain.setSlot(good.until);
    const longer = { ...good, outer: withDelays({ grace: grace + 1n }) };
    await assert.rejects(rotate(chain, longer), says('["Account_app_state_precondition_unsatisfied",7]'));
  });

  it("breaks a commit under way, which lands when it is made again, attested by the old set or the new", async () => {
    for (const setHash of [validatorSetHash(current), validatorSetHash(good.next)]) {
      const chain = await OuterChain.deployed();
      chain.setSlot(100n);
      const inFlight = commitCase();
      await rotate(chain, { ...good, until: 100n });
      await assert.rejects(chain.commit(inFlight), says('["Account_app_state_precondition_unsatisfied",6]'));
      await chain.commit({ ...commitCase(chain.outer), setHash });
      chain.assertFieldsOf(chain.outer);
    }
  });

  it("takes the old set's batches to the grace's end, and none after it", async () => {
    const chain = await OuterChain.deployed();
    chain.setSlot(100n);
    await rotate(chain, { ...good, until: 100n });
    const old = validatorSetHash(current);
    const commitAt = (lastSlot: bigint) => ({
      ...commitCase(chain.outer, testState, { lastSlot }),
      setHash: old,
    });
    const last = 100n + grace - maxLag;
    await assert.rejects(chain.commit(commitAt(last + 1n)), says(OuterErrors.wrongValidators));
    chain.setSlot(last);
    await chain.commit(commitAt(last));
    chain.assertFieldsOf(chain.outer);
  });

  it("takes none of the old set's batches after a removal", async () => {
    const chain = await OuterChain.deployed();
    chain.setSlot(100n);
    await rotate(chain, { ...good, until: 100n, kind: "removal" });
    const old = { ...commitCase(chain.outer), setHash: validatorSetHash(current) };
    await assert.rejects(chain.commit(old), says(OuterErrors.wrongValidators));
    await chain.commit({ ...commitCase(chain.outer), setHash: validatorSetHash(good.next) });
  });

  it("stops the set before the last one, whatever its grace", async () => {
    const chain = await OuterChain.deployed();
    chain.setSlot(100n);
    await rotate(chain, { ...good, until: 100n });
    await rotate(chain, {
      ...good,
      until: 100n,
      outer: chain.outer,
      current: good.next,
      currentKeys: newKeys,
      next: setOf(strangers, 2n),
      nextKeys: strangers,
      possessing: [0, 1, 2],
    });
    const oldest = { ...commitCase(chain.outer), setHash: validatorSetHash(current) };
    await assert.rejects(chain.commit(oldest), says(OuterErrors.wrongValidators));
    await chain.commit({ ...commitCase(chain.outer), setHash: validatorSetHash(good.next) });
  });
});

import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { Bool, Field, initializeBindings, Poseidon, PrivateKey, Provable, Signature } from "o1js";
import { publicKeyFrom } from "../../circuits/mina/index.ts";
import {
  foldSlots,
  QuorumErrors,
  QuorumRule,
  QuorumSlot,
  quorumBranch,
  quorumWitness,
} from "../../circuits/quorum/index.ts";
import {
  type Attestation,
  comparePublicKeys,
  SCALAR_MODULUS,
  signFields,
  type ValidatorSet,
  validatorSetHash,
} from "../../protocol/index.ts";
import { sampleKey } from "../../scripts/vectors/samples.ts";

const MESSAGE = 123456789n;
const keys = Array.from({ length: 5 }, (_, i) => sampleKey(`quorum ${i}`)).sort((a, b) =>
  comparePublicKeys(a.publicKey, b.publicKey),
);

const setOf = (size: number, threshold: bigint, weight = (_: number) => 1n): ValidatorSet => ({
  epoch: 2n,
  threshold,
  members: keys.slice(0, size).map(({ publicKey }, i) => ({ publicKey, weight: weight(i) })),
});
const votes = (slots: readonly number[], message = MESSAGE): Attestation[] =>
  slots.map((slot) => ({ slot, signature: signFields(keys[slot]!.privateKey, [message]) }));

type Input = ReturnType<typeof quorumWitness>;
/** Five places are enough to see every rule; the programs have 16 and 64. */
const witnessOf = (set: ValidatorSet, attestations: readonly Attestation[], slots = 5): Input =>
  quorumWitness({ message: MESSAGE, set, attestations }, slots);
const fold = ({ message, rule, slots }: Input) => foldSlots(message, rule, slots);

const says = (text: string) => (error: unknown) => error instanceof Error && error.message.includes(text);

/** Refused on constants and by the constraints alike. */
async function refuses(input: Input, reason: string): Promise<void> {
  assert.throws(() => fold(input), says(reason));
  await assert.rejects(inCircuit(input), says(reason));
}

function inCircuit(input: Input): Promise<void> {
  return Provable.runAndCheck(() => {
    const message = Provable.witness(Field, () => input.message);
    const rule = Provable.witness(QuorumRule, () => input.rule);
    const slots = input.slots.map((slot) => Provable.witness(QuorumSlot, () => slot));
    foldSlots(message, rule, slots);
  });
}

/** One slot with parts replaced. */
const withSlot = (input: Input, index: number, change: Partial<QuorumSlot>): Input => ({
  ...input,
  slots: input.slots.map((slot, i) => (i === index ? new QuorumSlot({ ...slot, ...change }) : slot)),
});

/** A signature with the nonce 0: R = s·G − h·P is the point at infinity, whose x o1js gives as 0. */
function signatureAtInfinity(privateKey: string): Signature {
  const secret = PrivateKey.fromBase58(privateKey);
  const { x, y } = secret.toPublicKey().toGroup();
  const h = Poseidon.hashWithPrefix("CodaSignature*******", [Field(MESSAGE), x, y, Field(0)]);
  const s = (h.toBigInt() * secret.toBigInt()) % SCALAR_MODULUS;
  return Signature.fromValue({ r: 0n, s });
}

before(() => initializeBindings());

describe("quorum", () => {
  it("accepts exactly the threshold and gives the hash of the set", async () => {
    const set = setOf(4, 3n);
    const input = witnessOf(set, votes([0, 1, 3]));
    const { setHash, epoch, allSigned } = fold(input);
    assert.equal(setHash.toBigInt(), validatorSetHash(set));
    assert.equal(epoch.toBigInt(), set.epoch);
    assert.equal(allSigned.toBoolean(), false);
    await inCircuit(input);
  });

  it("says when every member signed", () => {
    assert.equal(fold(witnessOf(setOf(4, 3n), votes([0, 1, 2, 3]))).allSigned.toBoolean(), true);
  });

  it("gives one hash for one set, however many places the program has", () => {
    const set = setOf(3, 2n);
    const [narrow, wide] = [3, 9].map((slots) =>
      fold(witnessOf(set, votes([0, 2]), slots)).setHash.toBigInt(),
    );
    assert.equal(narrow, wide);
  });

  it("refuses one vote below the threshold", () =>
    refuses(witnessOf(setOf(4, 3n), votes([0, 1])), QuorumErrors.belowThreshold));

  it("counts weights, not heads", async () => {
    const set = setOf(3, 6n, (i) => [8n, 1n, 1n][i]!);
    fold(witnessOf(set, votes([0])));
    await refuses(witnessOf(set, votes([1, 2])), QuorumErrors.belowThreshold);
  });

  it("counts a validator once, however often its vote arrives", () =>
    refuses(witnessOf(setOf(4, 3n), votes([0, 1, 1, 1])), QuorumErrors.belowThreshold));

  it("refuses a threshold of half the weight or less", () =>
    refuses(witnessOf(setOf(4, 2n), votes([0, 1])), QuorumErrors.thresholdTooLow));

  it("refuses a set without members", () => refuses(witnessOf(setOf(0, 0n), []), QuorumErrors.emptySet));

  it("refuses a signature over another message", () =>
    refuses(
      witnessOf(setOf(4, 3n), [...votes([0, 1]), ...votes([2], MESSAGE + 1n)]),
      QuorumErrors.badSignature,
    ));

  it("refuses one member's signature in another's place", () => {
    const [vote] = votes([0]);
    return refuses(
      witnessOf(setOf(4, 3n), [...votes([0, 1]), { ...vote!, slot: 2 }]),
      QuorumErrors.badSignature,
    );
  });

  it("refuses R at infinity, which o1js takes from whoever holds the key", async () => {
    const signature = signatureAtInfinity(keys[2]!.privateKey);
    const { publicKey } = keys[2]!;
    assert.equal(signature.verify(publicKeyFrom(publicKey), [Field(MESSAGE)]).toBoolean(), true);
    const input = witnessOf(setOf(4, 3n), votes([0, 1, 2]));
    await refuses(withSlot(input, 2, { signature }), QuorumErrors.badSignature);
  });

  it("refuses a member listed twice", () => {
    const input = witnessOf(setOf(4, 3n), votes([0, 1, 2]));
    return refuses(withSlot(input, 1, { ...input.slots[0]! }), QuorumErrors.keysNotAscending);
  });

  it("refuses members out of order", () => {
    const input = witnessOf(setOf(4, 3n), votes([0, 1, 2]));
    const [a, b] = input.slots;
    return refuses(withSlot(withSlot(input, 0, { ...b! }), 1, { ...a! }), QuorumErrors.keysNotAscending);
  });

  it("refuses a member without weight", () =>
    refuses(
      witnessOf(
        setOf(4, 3n, (i) => (i === 3 ? 0n : 1n)),
        votes([0, 1, 2]),
      ),
      QuorumErrors.zeroWeight,
    ));

  it("refuses a member after an empty place", () => {
    const input = witnessOf(setOf(4, 3n), votes([0, 1, 3]));
    return refuses(withSlot(input, 2, { occupied: Bool(false) }), QuorumErrors.gapInSet);
  });

  it("refuses the vote of an empty place", () =>
    refuses(
      withSlot(witnessOf(setOf(4, 3n), votes([0, 1, 2])), 4, { signed: Bool(true) }),
      QuorumErrors.emptySlotSigned,
    ));

  it("proves sets of up to 16 with the narrow branch, larger ones with the wide one", () => {
    const members = (size: number) => ({ members: Array(size).fill(setOf(1, 1n).members[0]) });
    assert.equal(quorumBranch(members(16)), "verify16");
    assert.equal(quorumBranch(members(17)), "verify64");
  });
});

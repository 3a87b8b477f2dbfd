import { type Bool, Field, Poseidon, Provable, type PublicKey, type Signature, UInt64 } from "o1js";
import { tags } from "../../protocol/index.ts";
import { type CanonicalField, canonical, isBelow } from "../order/index.ts";
import { QuorumErrors } from "./QuorumErrors.ts";
import { QuorumOutput, type QuorumRule, type QuorumSlot } from "./QuorumStatement.ts";

/**
 * Walks the whole validator set once and demands its quorum.
 *
 * Proves: `setHash` is the hash of exactly these keys and weights, in order, with this threshold and epoch; keys are
 * strictly ascending, so nobody is listed twice; each slot that claims a vote signed `message`; the signed weight
 * reaches the threshold, which is more than half of the total.
 * Does not prove: that the set is in force (the outer contract compares it with field 6).
 * The hash covers occupied slots only, so programs with different numbers of slots agree on it.
 * Rows: about 440 a slot (test/snapshots/circuits.json). Source: docs/protocol.md#validator-set
 */
export function foldSlots(message: Field, rule: QuorumRule, slots: readonly QuorumSlot[]): QuorumOutput {
  // 1. occupied slots are a prefix; the start of the hash fixes how many there are
  for (const [i, { occupied }] of slots.entries()) {
    const next = slots[i + 1];
    if (next) next.occupied.and(occupied.not()).assertFalse(QuorumErrors.gapInSet);
  }
  const count = slots.reduce((sum, { occupied }) => sum.add(occupied.toField()), Field(0)).seal();
  let setHash = Poseidon.hashWithPrefix(tags.setStart, [count, rule.threshold.value, rule.epoch.value]);
  let signed = UInt64.zero;
  let total = UInt64.zero;
  let missing = Field(0);
  let previous: { key: CanonicalField; isOdd: Bool } | undefined;
  for (const slot of slots) {
    // 2. bind the slot to the set, voted or not
    setHash = Provable.if(slot.occupied, slotHash(setHash, slot), setHash);
    slot.occupied.and(slot.weight.value.equals(0)).assertFalse(QuorumErrors.zeroWeight);
    // 3. an order that admits no key twice
    const current = { key: canonical(slot.key.x), isOdd: slot.key.isOdd };
    if (previous) {
      const ascending = isBelow(previous.key, current.key, { a: previous.isOdd, b: current.isOdd });
      ascending.or(slot.occupied.not()).assertTrue(QuorumErrors.keysNotAscending);
    }
    previous = current;
    // 4. a vote must be earned
    slot.signed.and(slot.occupied.not()).assertFalse(QuorumErrors.emptySlotSigned);
    const valid = isSignedBy(slot.key, message, slot.signature);
    slot.signed.and(valid.not()).assertFalse(QuorumErrors.badSignature);
    // 5. no overflow: 64 slots × 2³² < 2⁶⁴
    const weight = slot.weight.toUInt64();
    signed = signed.add(Provable.if(slot.signed, weight, UInt64.zero));
    total = total.add(Provable.if(slot.occupied, weight, UInt64.zero));
    missing = missing.add(slot.occupied.and(slot.signed.not()).toField());
  }
  total.value.equals(0).assertFalse(QuorumErrors.emptySet);
  signed.assertGreaterThanOrEqual(rule.threshold, QuorumErrors.belowThreshold);
  // The line above keeps the threshold below 2³⁸, so doubling it cannot overflow.
  rule.threshold.mul(2).assertGreaterThan(total, QuorumErrors.thresholdTooLow);
  return new QuorumOutput({ setHash, epoch: rule.epoch.value, allSigned: missing.seal().equals(0) });
}

function slotHash(setHash: Field, { key, weight }: QuorumSlot): Field {
  return Poseidon.hashWithPrefix(tags.setSlot, [setHash, key.x, key.isOdd.toField(), weight.value]);
}

/** `Signature.verify` also takes the point at infinity for R, with r = 0; no honest signature has it (no point has x = 0). */
function isSignedBy(key: PublicKey, message: Field, signature: Signature): Bool {
  return signature.verify(key, [message]).and(signature.r.equals(0).not());
}

import { type Bool, Field, Gadgets, Provable } from "o1js";

const HALF = 1n << 128n;
const TOP = (Field.ORDER - 1n) >> 128n;
const BOTTOM = (Field.ORDER - 1n) & (HALF - 1n);

/** A field element as the integer `high·2¹²⁸ + low` below the modulus; both limbs are range-checked. */
export type CanonicalField = { readonly high: Field; readonly low: Field };

/**
 * Splits a field element into its two 128-bit limbs.
 *
 * Proves: the limbs are those of the one integer below the modulus that stands for `value`.
 * Split once, compare often: o1js' own comparison of field elements splits both sides again each time.
 * Rows: about 30.
 */
export function canonical(value: Field): CanonicalField {
  if (value.isConstant()) {
    const integer = value.toBigInt();
    return { high: Field(integer >> 128n), low: Field(integer & (HALF - 1n)) };
  }
  // Bound to `value` by the sum below, to the integers by the range checks.
  const high = Provable.witness(Field, () => value.toBigInt() >> 128n);
  const low = Provable.witness(Field, () => value.toBigInt() & (HALF - 1n));
  high.mul(HALF).add(low).assertEquals(value);
  return canonicalLimbs(high, low);
}

/** Asserts that both limbs have 128 bits, and that the integer they make is below the modulus. */
export function canonicalLimbs(high: Field, low: Field): CanonicalField {
  assertBits128(high);
  assertBits128(low);
  // Below the modulus: top limb below its own, or equal to it with the bottom limb not above its own.
  const topLeft = Field(TOP).sub(high).seal();
  assertBits128(topLeft);
  const bottomLeft = Field(BOTTOM).sub(low).seal();
  assertBits128(Provable.if(topLeft.equals(0), bottomLeft, Field(0)));
  return { high, low };
}

/**
 * Whether `a < b` as integers below the modulus.
 *
 * @param tie which of the two is smaller when both are equal, given as bits: `tie.a` off and `tie.b` on means `a`
 */
export function isBelow(
  a: CanonicalField,
  b: CanonicalField,
  tie?: { readonly a: Bool; readonly b: Bool },
): Bool {
  const lows = tie
    ? ([a.low.mul(2).add(tie.a.toField()), b.low.mul(2).add(tie.b.toField())] as const)
    : ([a.low, b.low] as const);
  const highBelow = isBelow129(a.high, b.high);
  const lowBelow = isBelow129(lows[0].seal(), lows[1].seal());
  return highBelow.or(a.high.equals(b.high).and(lowBelow));
}

/** Whether `a < b` for integers of at most 129 bits, which the caller has range-checked. */
function isBelow129(a: Field, b: Field): Bool {
  const bound = 1n << 129n;
  // Bound by the range check: only the true order brings the sum below 2¹²⁹, as both differences are shorter than that.
  const below = Provable.witness(Field, () => (a.toBigInt() < b.toBigInt() ? 1n : 0n));
  const bit = below.assertBool();
  const rest = below.mul(bound).add(a).sub(b).seal();
  assertBits129(rest);
  return bit;
}

function assertBits128(value: Field): void {
  const { high, low } = splitAt64(value);
  Gadgets.rangeCheck64(high);
  Gadgets.rangeCheck64(low);
}

function assertBits129(value: Field): void {
  // Bound by the two checks: half of it (rounded down) has 128 bits and the rest is a bit.
  const half = Provable.witness(Field, () => value.toBigInt() >> 1n);
  value.sub(half.mul(2)).seal().assertBool();
  assertBits128(half);
}

function splitAt64(value: Field): CanonicalField {
  const mask = (1n << 64n) - 1n;
  // Bound by the sum below; the callers range-check both.
  const high = Provable.witness(Field, () => (value.toBigInt() >> 64n) & mask);
  const low = Provable.witness(Field, () => value.toBigInt() & mask);
  high
    .mul(1n << 64n)
    .add(low)
    .assertEquals(value);
  return { high, low };
}

import { type Field, Gadgets, Provable } from "o1js";

/**
 * Asserts 0 ≤ value < 2^bits, with a text of our own: o1js' gadgets name none inside a circuit.
 * Rows: 1.5 for 64 bits, 2.5 for 32 and 3.5 for 48.
 */
export function assertFits(value: Field, bits: 32 | 48 | 64, text: string): void {
  const sealed = value.seal();
  Provable.asProver(() => {
    if (sealed.toBigInt() >> BigInt(bits) !== 0n) throw new Error(text);
  });
  if (sealed.isConstant()) return;
  if (bits === 64) Gadgets.rangeCheck64(sealed);
  else Gadgets.rangeCheckN(bits, sealed, text);
}

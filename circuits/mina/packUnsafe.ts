import type { Field } from "o1js";

/** A value and the number of bits it takes. The caller has range-checked it: a longer value would spill over. */
export type Packed = readonly [value: Field, bits: number];

const ROOM = 254;

/**
 * Mina's packing of short values into fields: in order, most significant first, as many as fit in 254 bits each.
 *
 * Source: MinaProtocol/mina, random_oracle_input `pack_to_fields`.
 */
export function packUnsafe(parts: readonly Packed[]): Field[] {
  const fields: Field[] = [];
  let room = 0;
  for (const [value, bits] of parts) {
    const last = fields.length - 1;
    if (bits > room) {
      fields.push(value);
      room = ROOM - bits;
    } else {
      fields[last] = fields[last]!.mul(1n << BigInt(bits)).add(value);
      room -= bits;
    }
  }
  return fields.map((field) => field.seal());
}

/** A number and how many bits it takes. */
export type Bits = readonly [value: bigint, bits: number];

/**
 * Packs numbers into field elements as Mina does (`Random_oracle_input.Chunked.pack_to_fields`): in order, first
 * number in the highest bits, as many whole ones into each element as 254 bits hold.
 */
export function packBits(input: readonly Bits[]): bigint[] {
  const packed: bigint[] = [];
  let value = 0n;
  let size = 0;
  for (const [next, bits] of input) {
    if (size + bits > 254) {
      packed.push(value);
      value = 0n;
      size = 0;
    }
    value = (value << BigInt(bits)) | next;
    size += bits;
  }
  if (size > 0) packed.push(value);
  return packed;
}

export function bit(flag: boolean): Bits {
  return flag ? [1n, 1] : [0n, 1];
}

import type { Hex } from "../DaTypes.ts";

/** What every transaction costs. */
const BASE_GAS = 21_000n;
/** What a byte of calldata costs. */
const PER_ZERO_BYTE = 4n;
const PER_BYTE = 16n;
/** EIP-7623: what a chain may ask per byte of calldata. Some check the limit against it and do not bill it. */
const FLOOR_PER_ZERO_BYTE = 10n;
const FLOOR_PER_BYTE = 40n;
/** What gate and inbox do with a byte of a chunk, rounded up: measured as `gas.post_chunk.per_byte`. */
const WORK_PER_BYTE = 2n;
/** What they do with a chunk of any length, many times over: an upgrade may do more. */
const WORK = 400_000n;

/** Price of calldata, and the least limit under which a chain with EIP-7623 takes it. */
export interface CalldataGas {
  readonly billed: bigint;
  readonly floor: bigint;
}

/** Both with what every transaction costs. */
export function calldataGas(data: Hex): CalldataGas {
  const bytes = Buffer.from(data.slice(2), "hex"); // a chunk is 200 000 digits: worth more than a loop over them
  let count = 0;
  for (const byte of bytes) if (byte === 0) count++;
  const zeros = BigInt(count);
  const others = BigInt(bytes.length) - zeros;
  return {
    billed: BASE_GAS + zeros * PER_ZERO_BYTE + others * PER_BYTE,
    floor: BASE_GAS + zeros * FLOOR_PER_ZERO_BYTE + others * FLOOR_PER_BYTE,
  };
}

/**
 * Enough for posting a chunk, and no more than that: chains of CometBFT fill a block by limits. For a chunk without many
 * zeros it is the floor of its calldata, far above what is used.
 */
export function postChunkGas(data: Hex): bigint {
  const { billed, floor } = calldataGas(data);
  const used = billed + BigInt(data.length / 2) * WORK_PER_BYTE + WORK;
  return used > floor ? used : floor;
}

import type { Hex } from "../DaTypes.ts";
import { calldataGas } from "./postChunkGas.ts";

/** What the contract does with a signature and with a member of the next set, rounded up: bound by the gas snapshot. */
const PER_SIGNATURE = 150_000n;
const PER_MEMBER = 200_000n;
/** What it does with a rotation of any size, many times over. */
const WORK = 400_000n;

/**
 * Enough for mirroring a rotation. Nodes of cosmos/evm estimate up to 25 million gas only: less than the largest rotation takes,
 * though a block holds four of those.
 */
export function rotateGas(data: Hex, members: number, signatures: number): bigint {
  const { billed, floor } = calldataGas(data);
  const used = billed + BigInt(members) * PER_MEMBER + BigInt(signatures) * PER_SIGNATURE + WORK;
  return used > floor ? used : floor;
}

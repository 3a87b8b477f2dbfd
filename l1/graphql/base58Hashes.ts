import { littleEndian, MINA_TOKEN_BASE58, toBase58 } from "../../protocol/index.ts";

/** The token id of MINA itself, as clients write it. */
export const DEFAULT_TOKEN = MINA_TOKEN_BASE58;

/** Version bytes of Mina's hashes in base58check (MinaProtocol/mina, base58_check version_bytes). */
const versions = { ledgerHash: 0x05, receiptChainHash: 0x0c, epochSeed: 0x0d, stateHash: 0x10 } as const;

/** These hashes carry their own version number, 1, before the 32 bytes. */
function hashToBase58(version: number, hash: bigint): string {
  return toBase58(version, Uint8Array.from([1, ...littleEndian(hash)]));
}

/** `3N…` */
export function stateHashToBase58(hash: bigint): string {
  return hashToBase58(versions.stateHash, hash);
}
/** `jx…` */
export function ledgerHashToBase58(hash: bigint): string {
  return hashToBase58(versions.ledgerHash, hash);
}
/** `2m…` or `2n…` */
export function receiptChainHashToBase58(hash: bigint): string {
  return hashToBase58(versions.receiptChainHash, hash);
}
/** `2v…` */
export function epochSeedToBase58(hash: bigint): string {
  return hashToBase58(versions.epochSeed, hash);
}

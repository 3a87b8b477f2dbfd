import { hash } from "../poseidon.ts";
import { type PublicKey, publicKeyFields } from "../publicKey.ts";
import { tags } from "../tags.ts";

/** One vault and the account whose locks it pays out: what a certified total is good for, and nothing else. */
export interface GasDomain {
  /** The network id as a field element: `tagToField(networkId)`. */
  readonly minaNetwork: bigint;
  /** The L1 account in which MINA is locked. */
  readonly gasKey: PublicKey;
  readonly daChainId: bigint;
  /** Address of the vault's proxy, 160 bits. */
  readonly vault: bigint;
}

/** Twin: `ZekoHash.gasDomain` in contracts/ */
export function gasDomainHash(d: GasDomain): bigint {
  return hash(tags.gasDomain, [d.minaNetwork, ...publicKeyFields(d.gasKey), d.daChainId, d.vault]);
}

/** What validators certify: at least `total` nanomina have been locked for `recipient`, since the beginning. */
export interface GasTotal {
  /** 160 bits. */
  readonly recipient: bigint;
  /** 64 bits: locked MINA never leaves its account, so all totals together are no more than it holds. */
  readonly total: bigint;
}

/**
 * What a validator of the set `setHash` signs, as one field element.
 * Twin: `ZekoHash.gas` in contracts/ · Vectors: test/vectors/gasMessage.json
 */
export function gasMessage(setHash: bigint, domain: bigint, { recipient, total }: GasTotal): bigint {
  return hash(tags.gas, [setHash, domain, recipient, total]);
}

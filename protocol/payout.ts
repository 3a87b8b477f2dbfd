import { hash } from "./poseidon.ts";
import { type PublicKey, publicKeyFields } from "./publicKey.ts";
import { tags } from "./tags.ts";

/** Where a validator wants its fees, on one chain, from one contract. */
export interface Payout {
  readonly daChainId: bigint;
  /** The fee contract's address as a number. */
  readonly fees: bigint;
  /** The validator's Mina key, whatever the epoch. */
  readonly validator: PublicKey;
  /** An address of the DA chain as a number. */
  readonly receiver: bigint;
  /** How many receivers the validator has named before: a signature is good once. */
  readonly counter: bigint;
}

/**
 * What a validator signs to name where its claims go.
 * Source: docs/protocol.md#fees · Vectors: test/vectors/payoutMessage.json · Twin: contracts/libraries/ZekoHash.sol
 */
export function payoutMessage({ daChainId, fees, validator, receiver, counter }: Payout): bigint {
  return hash(tags.payout, [daChainId, fees, ...publicKeyFields(validator), receiver, counter]);
}

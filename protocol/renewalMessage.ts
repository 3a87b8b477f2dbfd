import { hash } from "./poseidon.ts";
import { tags } from "./tags.ts";

/**
 * What the sequencer signs to have a relay gather and prove a batch's certificate once more, for a later set. That takes a proof
 * and a transaction, so it is not for anybody to ask for. Asking twice is the same as asking once.
 * @param batch 32 bytes in hex
 * Source: docs/protocol.md#certificate
 */
export function renewalMessage({
  domain,
  batch,
  epoch,
}: {
  readonly domain: bigint;
  readonly batch: `0x${string}`;
  readonly epoch: bigint;
}): bigint {
  const id = BigInt(batch);
  return hash(tags.renewal, [domain, id >> 128n, id & ((1n << 128n) - 1n), epoch]);
}

import type { CheckedSet } from "../gossip/index.ts";
import { batchMessage, samePublicKey } from "../protocol/index.ts";
import type { AttestationKey } from "./AttestationKey.ts";
import type { BatchRecord, OwnAttestation } from "./BatchRecord.ts";
import { SignerError } from "./SignerError.ts";

/** Our place in a set. @returns -1 when we have none */
export function slotIn({ set }: CheckedSet, key: AttestationKey): number {
  return set.members.findIndex(({ publicKey }) => samePublicKey(publicKey, key.publicKey));
}

/**
 * Signs a batch as a member of a set. Called for batches that are kept, never before.
 *
 * The signature is a function of key and message (Mina derives its nonce from both), and the message one of batch and set:
 * so doing this twice gives the same bytes.
 * @throws {SignerError} `SIGNER_NO_MEMBER`
 */
export function ownAttestation(
  { header, dataRoot }: BatchRecord,
  checked: CheckedSet,
  key: AttestationKey,
  domain: bigint,
): OwnAttestation {
  const { epoch } = checked.set;
  const slot = slotIn(checked, key);
  if (slot < 0) throw new SignerError("SIGNER_NO_MEMBER", { epoch });
  const message = batchMessage(checked.hash, header, dataRoot, domain);
  return { epoch, slot, setHash: checked.hash, message, signature: key.sign([message]) };
}

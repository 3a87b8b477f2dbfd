import { type PublicKey, type Signature, signFields } from "../protocol/index.ts";
import type { MinaKeyPair } from "../service/index.ts";

/** A validator's Mina key, as far as the signer may use it. */
export interface AttestationKey {
  readonly publicKey: PublicKey;
  readonly sign: (fields: readonly bigint[]) => Signature;
}

export function attestationKey({ publicKey, privateKey }: MinaKeyPair): AttestationKey {
  return { publicKey, sign: (fields) => signFields(privateKey.reveal(), fields) };
}

import type { BatchId, Hex } from "../da/index.ts";
import type { BatchHeader, Signature } from "../protocol/index.ts";
import { type SignerStep, signerSteps } from "./signerSteps.ts";

/** A batch as the signer remembers it. */
export interface BatchRecord {
  readonly id: BatchId;
  readonly header: BatchHeader;
  /** 32 bytes each. */
  readonly chunkRoots: readonly Uint8Array[];
  readonly dataRoot: bigint;
  readonly poster: Hex;
  /** The sequencer's, over the header. */
  readonly signature: Signature;
  /** When we read that it is sealed, milliseconds since 1970. */
  readonly noticedMs: number;
  readonly step: SignerStep;
  /** Why it is never signed; final. */
  readonly refusal?: { readonly code: string; readonly reason: string };
}

/** Our word on a batch, as a member of one set. */
export interface OwnAttestation {
  readonly epoch: bigint;
  readonly slot: number;
  readonly setHash: bigint;
  readonly message: bigint;
  readonly signature: Signature;
}

/** Whether there is nothing left to do for it. */
export function isSettled(record: BatchRecord): boolean {
  return record.refusal !== undefined || record.step === "published";
}

/**
 * Whether it was refused before its bytes were looked at: for its poster, or for the signature that came with it. For both we
 * have nobody's word but our DA node's; a peer's word to the contrary is reason to ask it again.
 */
export function isRefusedUnseen(record: BatchRecord): boolean {
  return record.refusal !== undefined && record.step === "noticed";
}

/** Whether its bytes have been stored. */
export function hasBytes({ step }: BatchRecord): boolean {
  return signerSteps.indexOf(step) >= signerSteps.indexOf("fetched");
}

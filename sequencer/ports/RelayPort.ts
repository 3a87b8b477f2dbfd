import type { StoredProof } from "./BatchProver.ts";

/** What the relay serves; nothing of it is believed before it is checked. */
export interface RelayPort {
  /** Asking makes the relay gather for this epoch's set, when that is in force. @returns undefined while there is none */
  certificate(batchId: `0x${string}`, epoch: bigint): Promise<unknown>;
  quorumProof(batchId: `0x${string}`, epoch: bigint): Promise<StoredProof | undefined>;
}

import type { StoredProof } from "./BatchProver.ts";

/** What the relay serves; nothing of it is believed before it is checked. */
export interface RelayPort {
  /** @returns undefined while there is none */
  certificate(batchId: string): Promise<unknown>;
  quorumProof(batchId: string): Promise<StoredProof | undefined>;
}

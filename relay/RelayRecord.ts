import type { BatchId } from "../da/index.ts";
import type { BatchHeader } from "../protocol/index.ts";
import type { RelayStep } from "./relaySteps.ts";

/** A batch as the relay remembers it; its certificate and proof stand beside it. */
export interface RelayRecord {
  readonly id: BatchId;
  readonly header: BatchHeader;
  readonly dataRoot: bigint;
  /** Epoch of the set that is asked, and the hash of that set. */
  readonly epoch: bigint;
  readonly setHash: bigint;
  /** What its members sign. */
  readonly message: bigint;
  /** When we read that it is sealed, milliseconds since 1970. */
  readonly noticedMs: number;
  readonly step: RelayStep;
}

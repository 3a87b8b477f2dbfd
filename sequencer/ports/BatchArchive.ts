import type { BatchHeader } from "../../protocol/index.ts";

/** A batch as a validator lists it. */
export interface ArchivedBatch {
  readonly id: string;
  readonly header: BatchHeader;
}

/** A validator's copy of the rollup's history. Nothing of it is believed before it is checked. */
export interface BatchArchive {
  /** Batches with a number above `after`, by rising number, at most one page; empty at the end. */
  list(after: bigint): Promise<readonly ArchivedBatch[]>;
  /** Posted bytes. @returns undefined when it has none */
  data(id: string): Promise<Uint8Array | undefined>;
}

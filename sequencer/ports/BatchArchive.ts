import type { BatchHeader } from "../../protocol/index.ts";

/** A batch as a validator lists it. */
export interface ArchivedBatch {
  /** Id in the inbox, `0x` and 64 digits. */
  readonly id: string;
  readonly header: BatchHeader;
}

export interface ArchivePage {
  readonly batches: readonly ArchivedBatch[];
  /** Names the next page; undefined at the end. */
  readonly next: string | undefined;
}

/** A validator's copy of the rollup's history. Nothing of it is believed before it is checked. */
export interface BatchArchive {
  /** Batches with a number above `after`, one page. */
  list(after: bigint, cursor?: string): Promise<ArchivePage>;
  /** Posted bytes. @returns undefined when it has none */
  data(id: string): Promise<Uint8Array | undefined>;
}

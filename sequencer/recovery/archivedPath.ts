import { type State, stateHash } from "../../protocol/index.ts";
import { RecoveryError } from "../errors/RecoveryError.ts";
import type { ArchivedBatch, BatchArchive } from "../ports/BatchArchive.ts";

/** Batches that a validator may list: a bound on what one that never ends its list can make us keep. */
const MAX_LISTED = 1_000_000;

/** All that a validator lists above a batch number. @throws {RecoveryError} `RECOVERY_LIST_MALFORMED` */
export async function listArchive(archive: BatchArchive, after: bigint): Promise<ArchivedBatch[]> {
  const found: ArchivedBatch[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await archive.list(after, cursor);
    found.push(...page.batches);
    if (found.length > MAX_LISTED)
      throw new RecoveryError("RECOVERY_LIST_MALFORMED", { what: "it does not end" });
    if (page.next === undefined) return found;
    cursor = page.next;
  }
}

/**
 * The paths from our state to the accepted one, over batches that a validator lists. Rival batches may share both ends, so
 * each place on the path names every candidate.
 * @returns per batch number, in order, the candidates
 * @throws {RecoveryError} `RECOVERY_PATH_MISSING`
 */
export function pathTo(listed: readonly ArchivedBatch[], from: State, accepted: bigint): ArchivedBatch[][] {
  const start = stateHash(from);
  const byTarget = Map.groupBy(listed, ({ header }) => header.target);
  const path: ArchivedBatch[][] = [];
  let state = accepted;
  while (state !== start) {
    const candidates = byTarget.get(state);
    const first = candidates?.[0];
    // A target names its batch number; numbers that do not fall would be a walk in a circle.
    if (!first || path.length > listed.length) throw new RecoveryError("RECOVERY_PATH_MISSING", { state });
    path.push(candidates);
    state = first.header.source;
  }
  return path.reverse();
}

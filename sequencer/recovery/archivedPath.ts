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
 * The path from our state to the accepted one, over batches that a validator lists. Rival batches may share both ends, so each
 * place on the path names every candidate. They may also share their target alone: then each source is a way of its own, which is
 * followed back as far as it is certified, until one leads to our state.
 * @param certified throws `RecoveryError` for a batch that the DA chain does not have, or has no certificate of
 * @returns per batch number, in order, the candidates
 * @throws {RecoveryError} `RECOVERY_PATH_MISSING`, or what `certified` throws first
 */
export async function pathTo(
  listed: readonly ArchivedBatch[],
  from: State,
  accepted: bigint,
  certified: (batch: ArchivedBatch) => Promise<unknown>,
): Promise<ArchivedBatch[][]> {
  const start = stateHash(from);
  const byTarget = Map.groupBy(listed, ({ header }) => header.target);
  const waysTo = (state: bigint) => [...Map.groupBy(byTarget.get(state) ?? [], sourceOf).values()];
  // Nothing is asked for a list without choices: each batch is checked when it is taken.
  const hasChoices = [...byTarget.keys()].some((state) => waysTo(state).length > 1);
  const faults: RecoveryError[] = [];
  const standing = (way: ArchivedBatch[]) => (hasChoices ? filterGood(way, certified, faults) : way);
  /** The way that is followed, from the accepted state back; and at each of its states, the ways not tried. */
  const path: ArchivedBatch[][] = [];
  const left = [waysTo(accepted)];
  const seen = new Set([accepted]);
  for (let state = accepted; state !== start; state = path.length > 0 ? sourceOf(path.at(-1)!) : accepted) {
    const way = left.at(-1)?.shift();
    if (!way) {
      left.pop();
      // Numbers that do not fall would be a walk in a circle, and a state that led nowhere leads nowhere.
      if (!path.pop()) throw faults[0] ?? new RecoveryError("RECOVERY_PATH_MISSING", { state: accepted });
      continue;
    }
    const good = seen.has(sourceOf(way)) ? [] : await standing(way);
    if (good.length === 0) continue;
    path.push(good);
    seen.add(sourceOf(good));
    left.push(waysTo(sourceOf(good)));
  }
  return path.reverse();
}

function sourceOf(batches: ArchivedBatch | readonly ArchivedBatch[]): bigint {
  return ("header" in batches ? batches : batches[0]!).header.source;
}

async function filterGood(
  batches: readonly ArchivedBatch[],
  certified: (batch: ArchivedBatch) => Promise<unknown>,
  faults: RecoveryError[],
): Promise<ArchivedBatch[]> {
  const good: ArchivedBatch[] = [];
  for (const batch of batches) {
    try {
      await certified(batch);
      good.push(batch);
    } catch (error) {
      if (!(error instanceof RecoveryError)) throw error;
      faults.push(error);
    }
  }
  return good;
}

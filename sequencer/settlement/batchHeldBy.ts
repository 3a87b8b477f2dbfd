import { cursorHash, type State, stateCoreHash } from "../../protocol/index.ts";
import type { BatchRecord } from "../batches/BatchRecord.ts";

const names = new WeakMap<State, string>();
/** A state as fields 0 and 4 of the outer account name it. */
function nameOf(state: State): string {
  let name = names.get(state);
  if (name === undefined) {
    name = `${stateCoreHash(state)}/${cursorHash(state)}`;
    names.set(state, name);
  }
  return name;
}

/**
 * Which of our states the outer account holds.
 * @param core field 0 @param cursor field 4
 * @returns its batch number, 0 for genesis; undefined for none of ours
 */
export function batchHeldBy(
  { core, cursor }: { core: bigint; cursor: bigint },
  genesis: State,
  batches: readonly BatchRecord[],
): bigint | undefined {
  const wanted = `${core}/${cursor}`;
  // From the newest: what L1 holds is seldom far behind.
  const found = batches.findLast(({ target }) => nameOf(target) === wanted);
  return found?.number ?? (nameOf(genesis) === wanted ? 0n : undefined);
}

import type { L1ActionBlock, L1Client } from "../../l1/index.ts";
import { type GasLock, gasLockFromFields } from "../../protocol/index.ts";

/** Which of the account's locks: those after the action state `from` up to the action state `to`. From the first by default. */
export interface GasLockRange {
  readonly from?: bigint;
  readonly to: bigint;
}

/**
 * Locks in the order in which L1 took them, from an archive that is not believed: hashed from `from`, its answer must give `to`.
 * @param account base58
 * @throws {L1Error} `L1_ACTIONS_INCOMPLETE` and those of `L1Client.actions`; {GasError} `GAS_ACTION`
 */
export async function readGasLocks(
  l1: Pick<L1Client, "actions">,
  account: string,
  range: GasLockRange,
): Promise<GasLock[]> {
  const blocks: readonly L1ActionBlock[] = await l1.actions(account, range);
  return blocks.flatMap(({ updates }) =>
    updates.flatMap(({ actions }) => actions.map((fields) => gasLockFromFields(fields))),
  );
}

import {
  type ActionMark,
  ActionPages,
  emptyActionState,
  type L1ActionBlock,
  type L1Client,
  L1Error,
} from "../../l1/index.ts";
import { type GasLock, gasLockFromFields } from "../../protocol/index.ts";

/** Locks in the order in which L1 took them. @throws {GasError} `GAS_ACTION` */
export function locksIn(blocks: readonly L1ActionBlock[]): GasLock[] {
  return blocks.flatMap(({ updates }) =>
    updates.flatMap(({ actions }) => actions.map((fields) => gasLockFromFields(fields))),
  );
}

/**
 * Nanomina locked for a recipient since the beginning, from an archive that is not believed: hashed from there, its answers
 * must give the account's action state.
 * @param account base58
 * @param to action state of the account; `tip` is the height of a block that has it
 * @throws {L1Error} `L1_ACTIONS_INCOMPLETE` and those of `L1Client.actions`; {GasError} `GAS_ACTION`
 */
export async function lockedFor(
  recipient: bigint,
  { l1, account }: { readonly l1: Pick<L1Client, "actions">; readonly account: string },
  { to, tip }: { readonly to: bigint; readonly tip: number },
): Promise<bigint> {
  const pages = new ActionPages(l1, account);
  let at: ActionMark = { actions: emptyActionState, height: 1 };
  let locked = 0n;
  while (at.actions !== to) {
    if (at.height > tip)
      throw new L1Error("L1_ACTIONS_INCOMPLETE", {
        publicKey: account,
        want: to.toString(),
        got: at.actions.toString(),
      });
    const { blocks, next } = await pages.read(at, tip + 1);
    for (const lock of locksIn(blocks)) if (lock.recipient === recipient) locked += lock.amount;
    at = next;
  }
  return locked;
}

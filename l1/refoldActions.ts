import { setImmediate as turn } from "node:timers/promises";
import { emptyActionState, nextActionState } from "./actionState.ts";
import { L1Error } from "./errors/L1Error.ts";
import type { ActionRange, L1ActionBlock, L1ActionUpdate } from "./L1Client.ts";
import type { ActionBlockAnswer, ActionDataAnswer } from "./l1Queries.ts";

/** Updates hashed between two turns of others: some 20 ms. */
const AT_ONCE = 64;

/**
 * Hashes an archive's answer from the range's begin to its end, so that no gap, loss or invention goes unseen.
 *
 * @throws {L1Error} `L1_ACTIONS_INCOMPLETE`
 */
export async function refoldActions(
  publicKey: string,
  blocks: readonly ActionBlockAnswer[],
  { from = emptyActionState, to }: ActionRange,
): Promise<L1ActionBlock[]> {
  const incomplete = (want: bigint, got: bigint) =>
    new L1Error("L1_ACTIONS_INCOMPLETE", { publicKey, want: want.toString(), got: got.toString() });
  const ordered = blocks.toSorted((a, b) => a.blockInfo.height - b.blockInfo.height);
  // Archive nodes answer the block that ends at `from` too.
  const behind = ordered.filter(({ actionState }) => actionState.actionStateOne !== from);
  let state = from;
  let hashed = 0;
  const result: L1ActionBlock[] = [];
  for (const { blockInfo, actionState, actionData } of behind) {
    if (state === to) break;
    if (actionState.actionStateTwo !== state) throw incomplete(actionState.actionStateTwo, state);
    const updates: L1ActionUpdate[] = [];
    for (const { transactionHash, actions } of byUpdate(actionData)) {
      state = nextActionState(state, actions);
      if (++hashed % AT_ONCE === 0) await turn();
      updates.push({ transactionHash, actions, after: state });
    }
    if (state !== actionState.actionStateOne) throw incomplete(actionState.actionStateOne, state);
    const { height, stateHash, globalSlotSinceGenesis: slot } = blockInfo;
    result.push({ height, stateHash, slot, before: actionState.actionStateTwo, after: state, updates });
  }
  if (to !== undefined && state !== to) throw incomplete(to, state);
  return result;
}

/** Actions in the order of execution: by command in the block, then by update in the command, each update's own together. */
function byUpdate(data: readonly ActionDataAnswer[]) {
  const place = ({ accountUpdateId, transactionInfo }: ActionDataAnswer) =>
    transactionInfo.zkappAccountUpdateIds.indexOf(accountUpdateId);
  const ordered = data.toSorted(
    (a, b) => a.transactionInfo.sequenceNumber - b.transactionInfo.sequenceNumber || place(a) - place(b),
  );
  const updates: { id: number; transactionHash: string; actions: bigint[][] }[] = [];
  for (const { accountUpdateId: id, data: action, transactionInfo } of ordered) {
    const last = updates.at(-1);
    if (last?.id === id) last.actions.push(action);
    else updates.push({ id, transactionHash: transactionInfo.hash, actions: [action] });
  }
  return updates;
}

import { hash, saltedState } from "../protocol/index.ts";

/** Action state of an account that never emitted an action. */
export const emptyActionState: bigint = saltedState("MinaZkappActionStateEmptyElt")[0];

const emptyActions = saltedState("MinaZkappActionsEmpty")[0];
const EVENT_PREFIX = "MinaZkappEvent******";
const SEQUENCE_PREFIX = "MinaZkappSeqEvents**";

/** Hash of the actions of one account update, first action outermost (o1js, events.ts `Actions.hash`). */
export function actionsHash(actions: readonly (readonly bigint[])[]): bigint {
  return actions.reduceRight(
    (list, action) => hash(SEQUENCE_PREFIX, [list, hash(EVENT_PREFIX, action)]),
    emptyActions,
  );
}

/** Action state after an account update that emits these actions (o1js, events.ts `updateSequenceState`). */
export function nextActionState(state: bigint, actions: readonly (readonly bigint[])[]): bigint {
  return hash(SEQUENCE_PREFIX, [state, actionsHash(actions)]);
}

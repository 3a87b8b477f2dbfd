import { hash, type MayUseToken, MINA_TOKEN, type PublicKey } from "../protocol/index.ts";
import { treeHash, type UpdateDigest } from "./commandDigest.ts";
import type { CallFrame, LocalState } from "./traces.ts";

/** The frame outside all commands. */
const EMPTY_FRAME: CallFrame = { caller: MINA_TOKEN, callerCaller: MINA_TOKEN, calls: 0n };

/** Local state between two commands: Mina's `Local_state.empty`. */
export const EMPTY_LOCAL_STATE: LocalState = {
  frame: EMPTY_FRAME,
  stack: [],
  commitment: 0n,
  fullCommitment: 0n,
  excess: 0n,
  supply: 0n,
  index: 0n,
};

/** Id of the token that an account owns: Mina's `Account_id.derive_token_id`, for an owner that holds MINA. */
export function ownTokenId(owner: PublicKey): bigint {
  return hash("MinaDeriveTokenId***", [owner.x, MINA_TOKEN, owner.isOdd ? 1n : 0n]);
}

/**
 * Frame and stack after an update has been taken from `frame`, whose forest is not empty.
 * Source: MinaProtocol/mina, zkapp_command_logic.ml (`get_next_account_update`)
 */
export function nextFrames(
  local: Pick<LocalState, "frame" | "stack">,
  update: { publicKey: PublicKey; mayUseToken: MayUseToken },
  { children, siblings }: UpdateDigest,
): Pick<LocalState, "frame" | "stack"> {
  const { frame, stack } = local;
  const rest = { ...frame, calls: siblings };
  if (children !== 0n) {
    const below: CallFrame = {
      caller: ownTokenId(update.publicKey),
      callerCaller: callerOf(frame, update.mayUseToken),
      calls: children,
    };
    return { frame: below, stack: siblings === 0n ? stack : [rest, ...stack] };
  }
  if (siblings !== 0n) return { frame: rest, stack };
  const [next, ...below] = stack;
  return { frame: next ?? EMPTY_FRAME, stack: below };
}

function callerOf(frame: CallFrame, mayUseToken: MayUseToken): bigint {
  switch (mayUseToken) {
    case "no":
      return MINA_TOKEN;
    case "parentsOwnToken":
      return frame.caller;
    case "inheritFromParent":
      return frame.callerCaller;
  }
}

/** The frame that a command starts in: its whole forest, fee payer first. */
export function firstFrame(feePayer: UpdateDigest): CallFrame {
  return { ...EMPTY_FRAME, calls: treeHash(feePayer) };
}

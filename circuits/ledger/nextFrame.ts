import { Field, Provable, TokenId } from "o1js";
import { MINA_TOKEN } from "../../protocol/index.ts";
import { stackHash } from "../mina/index.ts";
import { LedgerErrors } from "./LedgerErrors.ts";
import type { LocalState } from "./LocalState.ts";
import type { SignedStep } from "./SignedStep.ts";

/**
 * Where a command goes on after an update: down to its children, on to its siblings, back to the frame on the stack,
 * or nowhere.
 *
 * Invariant: a frame on the stack has updates left, since it is pushed with its non-empty siblings; so `calls` is zero
 * only where a command ends, and a return can neither skip a frame nor find the stack short.
 *
 * @returns the frame's fields, and whether the command ends here
 */
export function nextFrame(local: LocalState, step: SignedStep) {
  const { active, update, children, siblings, returnTo } = step;
  const hasChildren = children.equals(0).not();
  const hasSiblings = siblings.equals(0).not();
  const isLeaf = hasChildren.or(hasSiblings).not();
  const stackEmpty = local.stack.equals(0);
  const pushes = hasChildren.and(hasSiblings);
  const returns = isLeaf.and(stackEmpty.not());
  const ends = isLeaf.and(stackEmpty);

  // 1. the frame that is pushed or popped: never both, so one hash does
  const here = { caller: local.caller, callerCaller: local.callerCaller, calls: siblings };
  const pick = (pushed: Field, popped: Field) => Provable.if(pushes, pushed, popped);
  const top = stackHash(
    {
      caller: pick(here.caller, returnTo.caller),
      callerCaller: pick(here.callerCaller, returnTo.callerCaller),
      calls: pick(here.calls, returnTo.calls),
    },
    pick(local.stack, returnTo.stack),
  );
  Provable.if(active.and(returns), top, local.stack).assertEquals(local.stack, LedgerErrors.wrongFrame);

  // 2. the tokens that the children may call their parent's, and their grandparent's
  const mina = Field(MINA_TOKEN);
  const inherited = Provable.if(update.inheritFromParent, local.callerCaller, mina);
  const used = Provable.if(update.parentsOwnToken, local.caller, inherited);
  const own = TokenId.derive(update.publicKey);

  const after = (down: Field, on: Field, back: Field, end: Field) =>
    Provable.if(hasChildren, down, Provable.if(hasSiblings, on, Provable.if(stackEmpty, end, back)));
  return {
    ends,
    caller: after(own, local.caller, returnTo.caller, mina),
    callerCaller: after(used, local.callerCaller, returnTo.callerCaller, mina),
    calls: after(children, siblings, returnTo.calls, Field(0)),
    stack: Provable.if(pushes, top, Provable.if(returns, returnTo.stack, local.stack)),
  };
}

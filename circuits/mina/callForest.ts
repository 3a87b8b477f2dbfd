import { type Field, Poseidon } from "o1js";
import { minaPrefixes } from "./minaPrefixes.ts";

/** Call forest whose first tree is `update` over `children`; the empty forest is 0. */
export function forestHash(update: Field, children: Field, siblings: Field): Field {
  const node = Poseidon.hashWithPrefix(minaPrefixes.forestNode, [update, children]);
  return Poseidon.hashWithPrefix(minaPrefixes.forestCons, [node, siblings]);
}

/** What the fee payer and updates with full commitment sign. */
export function fullCommitment(memoHash: Field, feePayer: Field, commitment: Field): Field {
  return Poseidon.hashWithPrefix(minaPrefixes.forestCons, [memoHash, feePayer, commitment]);
}

/** A frame of the call stack, without what lies under it. */
export type StackFrame = { readonly caller: Field; readonly callerCaller: Field; readonly calls: Field };

/** Call stack whose top is `frame`; the empty stack is 0. A frame's own prefix keeps stacks and forests apart. */
export function stackHash(frame: StackFrame, rest: Field): Field {
  const hash = Poseidon.hashWithPrefix(minaPrefixes.stackFrame, [
    frame.caller,
    frame.callerCaller,
    frame.calls,
  ]);
  return Poseidon.hashWithPrefix(minaPrefixes.forestCons, [hash, rest]);
}

/** An account's receipts after an authorised update: position `index` of the command with this full commitment. */
export function receiptChain(receipts: Field, commitment: Field, index: Field): Field {
  return Poseidon.hashWithPrefix(minaPrefixes.receiptChain, [commitment, receipts, index]);
}

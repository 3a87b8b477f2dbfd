export { IndexErrors } from "./IndexErrors.ts";
export { EMPTY_INDEXED_LEAF, IndexedLeaf, indexedNode } from "./IndexedLeaf.ts";
export { INSERTS_PER_PROOF, IndexProgram } from "./IndexProgram.ts";
export { IndexProof } from "./IndexProof.ts";
export { IndexState, IndexStatement } from "./IndexState.ts";
export { indexedRoot, indexedRoots } from "./indexedPath.ts";
export {
  type AccountsInput,
  accountsWitness,
  type IndexValues,
  indexAfter,
  indexHash,
  indexStart,
  indexState,
} from "./indexWitness.ts";
export { AccountInsert, insertAccount } from "./insertAccount.ts";

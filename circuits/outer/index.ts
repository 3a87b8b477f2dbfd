export { applyCommit, type CommitEffect, type CommitProofs, CommitWitness } from "./applyCommit.ts";
export { type CommitInput, commitWitness } from "./commitWitness.ts";
export { type DeployInput, deployOuter, outerPermissions } from "./deployOuter.ts";
export { OuterContract } from "./OuterContract.ts";
export { OuterErrors } from "./OuterErrors.ts";
export { Delays, DomainParts, Governance, OwedSlot, Status, ValidatorEpochs } from "./OuterFields.ts";
export {
  type CommitTransaction,
  commitTransaction,
  type DeployTransaction,
  deployTransaction,
  type FeePayer,
  type ProofJson,
} from "./outerTransaction.ts";
export { requireFullSignature } from "./requireFullSignature.ts";
export { signTransaction, type TransactionKeys } from "./signTransaction.ts";

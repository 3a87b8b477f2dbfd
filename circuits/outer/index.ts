export { applyCommit, type CommitEffect, type CommitProofs, CommitWitness } from "./applyCommit.ts";
export {
  applyRotation,
  possessionMessageOf,
  type RotationEffect,
  RotationWitness,
  rotationMessageOf,
  type SignedBy,
} from "./applyRotation.ts";
export { type CommitInput, commitWitness } from "./commitWitness.ts";
export { type DeployInput, deployOuter, outerPermissions } from "./deployOuter.ts";
export { closedPermissions, newContract, signedUpdate } from "./newContract.ts";
export { OuterContract } from "./OuterContract.ts";
export { OuterErrors } from "./OuterErrors.ts";
export { Delays, DomainParts, Governance, OwedSlot, Status, ValidatorEpochs } from "./OuterFields.ts";
export {
  type CommitTransaction,
  commitTransaction,
  type DeployTransaction,
  deployTransaction,
  type ProofJson,
  type RotationTransaction,
  rotationTransaction,
} from "./outerTransaction.ts";
export { requireFullSignature } from "./requireFullSignature.ts";
export { type RotationInput, rotationWitness } from "./rotationWitness.ts";
export { signTransaction, type TransactionKeys } from "./signTransaction.ts";
export { commandToProve, type FeePayer, unsignedCommand } from "./unsignedCommand.ts";

export { attestationMessageOf } from "./attestationMessage.ts";
export { foldSlots } from "./foldSlots.ts";
export { QuorumErrors } from "./QuorumErrors.ts";
export { QuorumProgram } from "./QuorumProgram.ts";
export { QuorumProof } from "./QuorumProof.ts";
export { QuorumOutput, QuorumRule, QuorumSlot } from "./QuorumStatement.ts";
export {
  type QuorumBranch,
  type QuorumInput,
  quorumBranch,
  quorumSlots,
  quorumWitness,
} from "./quorumWitness.ts";

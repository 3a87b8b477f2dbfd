export {
  ChildProver,
  defaultCacheDirectory,
  keyCacheOf,
  type ProverModules,
  type ProverOptions,
  proverOptions,
} from "./ChildProver.ts";
export { type CompiledProgram, type CompileKeysOptions, compileKeys } from "./compileKeys.ts";
export type { WorkerMessage, WorkerRequest } from "./messages.ts";
export type {
  JoinProofInput,
  MergeInput,
  ProofJob,
  Prover,
  ProverJob,
  ProvingCost,
  TransactionJob,
} from "./Prover.ts";
export { ProverError, proverFaults } from "./ProverError.ts";
export { ProcessLost, ProverProcess } from "./ProverProcess.ts";
export { acquireProverSlot, type ProverSlot } from "./ProverSlot.ts";
export { type BatchPlan, type BatchProofs, planBatch, proofsInMemory, proveBatch } from "./proveBatch.ts";

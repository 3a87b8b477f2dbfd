export { type BatchStep, batchSteps, type CrashPoint, crashPoints } from "./batches/batchSteps.ts";
export {
  createSequencer,
  type Sequencer,
  type SequencerKeys,
  type SequencerModules,
  type SequencerOptions,
} from "./createSequencer.ts";
export { MempoolError, mempoolFaults } from "./errors/MempoolError.ts";
export { RecoveryError, recoveryFaults } from "./errors/RecoveryError.ts";
export { SequencerError, sequencerFaults } from "./errors/SequencerError.ts";
export type { ArchivedBatch, ArchivePage, BatchArchive } from "./ports/BatchArchive.ts";
export type { BatchProver, CommitRequest, ProofInput, ProofPlan, StoredProof } from "./ports/BatchProver.ts";
export type { RelayPort } from "./ports/RelayPort.ts";
export { type BatchProverOptions, createBatchProver } from "./proving/createBatchProver.ts";
export { createHttpArchive } from "./remote/createHttpArchive.ts";
export { createHttpRelay } from "./remote/createHttpRelay.ts";
export { sequencerOptions } from "./sequencerOptions.ts";
export { ValidatorHistory } from "./settlement/ValidatorHistory.ts";

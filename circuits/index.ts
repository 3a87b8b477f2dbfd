export { type CircuitShape, circuitShapes } from "./circuitShapes.ts";
export {
  type DeployGasTransaction,
  deployGasTransaction,
  GasErrors,
  type GasLockTransaction,
  gasLockTransaction,
} from "./gas/index.ts";
export {
  type AccountsInput,
  INSERTS_PER_PROOF,
  IndexErrors,
  type IndexValues,
  indexAfter,
  indexHash,
  indexStart,
} from "./indexed/index.ts";
export {
  type KeyFile,
  type ProgramName,
  ProofKeyError,
  programNames,
  proofKeyFaults,
  readKey,
} from "./keys/index.ts";
export {
  type FeesInput,
  LedgerErrors,
  type LedgerValues,
  ledgerHash,
  ledgerLeaves,
  type SignedInput,
  STEPS_PER_PROOF,
} from "./ledger/index.ts";
export {
  type CommitTransaction,
  commitTransaction,
  type DeployTransaction,
  deployTransaction,
  type FeePayer,
  OuterErrors,
  type ProofJson,
  type RotationTransaction,
  rotationTransaction,
  signTransaction,
  type TransactionKeys,
} from "./outer/index.ts";
export {
  type BatchPlan,
  type BatchProofs,
  ChildProver,
  type CompiledProgram,
  type CompileKeysOptions,
  compileKeys,
  defaultCacheDirectory,
  type JoinProofInput,
  keyCacheOf,
  type MergeInput,
  type ProofJob,
  type Prover,
  ProverError,
  type ProverJob,
  type ProverModules,
  type ProverOptions,
  type ProvingCost,
  planBatch,
  proofsInMemory,
  proveBatch,
  proverFaults,
  proverOptions,
  type TransactionJob,
} from "./prover/index.ts";
export { type QuorumBranch, QuorumErrors, type QuorumInput, quorumBranch } from "./quorum/index.ts";
export { type JoinInput, joinTarget, WrapperErrors } from "./wrapper/index.ts";

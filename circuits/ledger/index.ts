export { applyUpdate } from "./applyUpdate.ts";
export { FeePayout, feesRule } from "./feesRule.ts";
export { LedgerContext } from "./LedgerContext.ts";
export { LedgerErrors } from "./LedgerErrors.ts";
export { LedgerProgram, STEPS_PER_PROOF } from "./LedgerProgram.ts";
export { LedgerProof } from "./LedgerProof.ts";
export { LedgerState, NO_DEADLINE } from "./LedgerState.ts";
export { LedgerStatement } from "./LedgerStatement.ts";
export { EMPTY_LOCAL, LocalState } from "./LocalState.ts";
export {
  afterFees,
  afterSigned,
  type FeesInput,
  type LedgerBatch,
  ledgerLeaves,
  type SignedInput,
} from "./ledgerLeaves.ts";
export {
  EMPTY_LOCAL_VALUES,
  type LedgerValues,
  ledgerHash,
  ledgerStart,
  localHash,
} from "./ledgerValues.ts";
export {
  feesWitness,
  idleStep,
  openingOf,
  type StepSource,
  signedWitness,
  statementOf,
  stepAccountOf,
  stepOf,
  type TransferFields,
  transferUpdate,
} from "./ledgerWitness.ts";
export { accountKey, foldNewAccount } from "./newAccounts.ts";
export { Opening } from "./openStatement.ts";
export { type Execution, ReturnFrame, SignedStep, StepAccount, signedSteps } from "./SignedStep.ts";
export { signedRule } from "./signedRule.ts";

export { InnerAccount, JoinWitness, joinBatch } from "./joinBatch.ts";
export { RollupState, stateHashOf, statementHashOf } from "./RollupState.ts";
export { WrapperErrors } from "./WrapperErrors.ts";
export { WrapperProgram } from "./WrapperProgram.ts";
export { WrapperProof, WrapperStatement } from "./WrapperStatement.ts";
export { type JoinInput, joinTarget, joinWitness, rollupState } from "./wrapperWitness.ts";

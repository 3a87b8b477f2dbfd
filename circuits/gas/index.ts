export { DaGas } from "./DaGas.ts";
export { type DeployGasInput, deployGas, gasPermissions } from "./deployGas.ts";
export { GasErrors } from "./GasErrors.ts";
export {
  type DeployGasTransaction,
  deployGasTransaction,
  type GasLockTransaction,
  gasLockTransaction,
} from "./gasTransaction.ts";
export { lockRule } from "./lockRule.ts";

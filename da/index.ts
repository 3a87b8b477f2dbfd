export { ClockCheck, type ClockCheckModules } from "./ClockCheck.ts";
export {
  type ConnectDaClientOptions,
  type ConnectDaModules,
  type ConnectDaOptions,
  connectDaClient,
  connectDaReader,
} from "./connectDa.ts";
export { type ConnectGasVaultOptions, connectGasVaultReader } from "./connectGasVaultReader.ts";
export { countTransactions } from "./countTransactions.ts";
export type { DaClient, DaReader, DaWriter, WatchOptions } from "./DaClient.ts";
export type { BatchFee, DaFees, FeeAccount, FeeTerms } from "./DaFees.ts";
export type {
  BatchId,
  DaAddresses,
  DaBatch,
  DaBlock,
  DaCertificate,
  DaEvent,
  DaEventPage,
  DaOpening,
  DaValidatorSet,
  Hex,
  OpenBatch,
  RecordedCertificate,
  Rollup,
  RollupId,
  RollupRegistration,
} from "./DaTypes.ts";
export { type DeployDaOptions, deployDa } from "./deployDa.ts";
export {
  type DeployGasVaultOptions,
  deployGasVault,
  fundGasVault,
  gasVaultAddress,
} from "./deployGasVault.ts";
export { DaError, daFaults } from "./errors/DaError.ts";
export type {
  GasAccount,
  GasCertificate,
  GasLimits,
  GasTotals,
  GasVault,
  GasVaultReader,
  GasVaultSource,
} from "./GasVault.ts";
export { calldataGas } from "./rpc/postChunkGas.ts";
export { rotateGas } from "./rpc/rotateGas.ts";

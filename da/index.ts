export {
  type ConnectDaClientOptions,
  type ConnectDaModules,
  type ConnectDaOptions,
  connectDaClient,
  connectDaReader,
} from "./connectDa.ts";
export type { DaClient, DaReader, DaWriter, WatchOptions } from "./DaClient.ts";
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
export { DaError, daFaults } from "./errors/DaError.ts";

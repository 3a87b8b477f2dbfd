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

export type { Clock } from "./clock/Clock.ts";
export { ManualClock } from "./clock/ManualClock.ts";
export { systemClock } from "./clock/systemClock.ts";
export { logOptions, passwordOptions } from "./config/commonOptions.ts";
export { describeOptions, type OptionDescription } from "./config/describeOptions.ts";
export { dumpConfig } from "./config/dumpConfig.ts";
export {
  environmentName,
  isSecret,
  type OptionGroup,
  type OptionSpec,
  type OptionValues,
} from "./config/OptionGroup.ts";
export { readConfigFile } from "./config/readConfigFile.ts";
export {
  type ConfigRules,
  type ConfigSources,
  type OptionSource,
  type ResolvedConfig,
  resolveConfig,
} from "./config/resolveConfig.ts";
export { Secret } from "./config/Secret.ts";
export { DurableLevel, type DurableLevelModules, type LevelWrite } from "./DurableLevel.ts";
export {
  type DataDirectory,
  type DataDirectoryOptions,
  openDataDirectory,
} from "./dataDirectory/openDataDirectory.ts";
export { syncDirectory, writeFileDurably } from "./dataDirectory/writeFileDurably.ts";
export { ConfigError, configFaults } from "./errors/ConfigError.ts";
export { DataDirectoryError, dataDirectoryFaults } from "./errors/DataDirectoryError.ts";
export { HttpError, httpFaults } from "./errors/HttpError.ts";
export { KeyError, keyFaults } from "./errors/KeyError.ts";
export { ProcessError, processFaults } from "./errors/ProcessError.ts";
export { RemoteError, remoteFaults } from "./errors/RemoteError.ts";
export { createHttpServer } from "./http/createHttpServer.ts";
export type { HttpServer, HttpServerModules, HttpServerOptions } from "./http/HttpServer.ts";
export { httpStatus } from "./http/httpStatus.ts";
export { isLoopback } from "./http/isHostAllowed.ts";
export { Readiness, type ReadinessCheck } from "./http/Readiness.ts";
export type { HttpReply, HttpRequest, Route } from "./http/Route.ts";
export { type RemoteRequest, requestBytes, requestJson } from "./http/requestRemote.ts";
export { errorReply, toJson } from "./http/writeReply.ts";
export { askOnTerminal } from "./keys/askOnTerminal.ts";
export { type EvmKey, evmKeyFromHex, newEvmKey, readEvmKeyFile, writeEvmKeyFile } from "./keys/evmKeyFile.ts";
export { type MinaKeyPair, minaKeyPairFromBase58, newMinaKeyPair } from "./keys/MinaKeyPair.ts";
export { readMinaKeyFile, writeMinaKeyFile } from "./keys/minaKeyFile.ts";
export { readPrivateFile, writePrivateFile } from "./keys/privateFile.ts";
export { readKeyFile } from "./keys/readKeyFile.ts";
export { type AskPassword, type PasswordSources, readPassword } from "./keys/readPassword.ts";
export { decryptSecretBox, encryptSecretBox, type SecretBox } from "./keys/secretBox.ts";
export { type ExitCode, exitCodeOf, exitCodes } from "./lifecycle/exitCodes.ts";
export { type RunModules, type RunOptions, runUntilSignal } from "./lifecycle/runUntilSignal.ts";
export { type Opened, ServiceGroup } from "./lifecycle/ServiceGroup.ts";
export { createLogger, type LogFormat, type LoggerOptions, type LogSink } from "./log/createLogger.ts";
export { createMemoryLogger, type LogLine, silentLogger } from "./log/createMemoryLogger.ts";
export { faultOf } from "./log/faultOf.ts";
export { type LogFields, type Logger, type LogLevel, logLevels } from "./log/Logger.ts";
export {
  createMetricRegister,
  type MetricRegister,
  type MetricRegisterOptions,
} from "./metrics/createMetricRegister.ts";
export { PageFollower } from "./PageFollower.ts";
export { RepeatingService } from "./RepeatingService.ts";
export { backoffMs, type RetryModules, type RetryOptions, retry } from "./retry.ts";
export type { Service } from "./Service.ts";

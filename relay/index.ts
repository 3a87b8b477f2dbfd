export { askSigner, type SignerAddress, type SignerAnswer } from "./askSigner.ts";
export { createRelay } from "./createRelay.ts";
export type { Relay, RelayModules, RelayOptions } from "./Relay.ts";
export { RelayError, relayFaults } from "./RelayError.ts";
export { createRelayMetrics } from "./RelayMetrics.ts";
export type { QuorumProver } from "./RelayPipeline.ts";
export { relayOptions } from "./relayOptions.ts";
export { type RelayCrashPoint, type RelayStep, relayCrashPoints, relaySteps } from "./relaySteps.ts";
export type { ValidatorFault } from "./ValidatorFaults.ts";

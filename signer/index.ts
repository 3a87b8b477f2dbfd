export { type AttestationKey, attestationKey } from "./AttestationKey.ts";
export { createSigner } from "./createSigner.ts";
export { L1Finality } from "./L1Finality.ts";
export type { Signer, SignerModules, SignerOptions } from "./Signer.ts";
export { SignerError, signerFaults } from "./SignerError.ts";
export { createSignerMetrics } from "./SignerMetrics.ts";
export { signerOptions } from "./signerOptions.ts";
export { type SignerCrashPoint, type SignerStep, signerCrashPoints, signerSteps } from "./signerSteps.ts";

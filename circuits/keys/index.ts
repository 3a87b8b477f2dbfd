export { ProofKeyError, proofKeyFaults } from "./ProofKeyError.ts";
export { type KeyFile, keyPath, type ProgramName, pinnedKey, programNames, readKey } from "./pinnedKey.ts";

export { KeyError, keyFaults } from "./KeyError.ts";
export { type KeyFile, keyPath, type ProgramName, pinnedKey, programNames, readKey } from "./pinnedKey.ts";

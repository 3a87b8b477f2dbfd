import { errorClass } from "../../protocol/index.ts";

export const proofKeyFaults = {
  PROOF_KEY_NOT_PINNED: {
    remedy: "bug",
    message: (d: { program: string }) => `No verification key is pinned for the program ${d.program}`,
    advice: "Run scripts/compileKeys.ts --write and review circuits/keys.",
  },
  PROOF_KEY_MISMATCH: {
    remedy: "bug",
    message: (d: { program: string; pinned: string; compiled: string }) =>
      `The program ${d.program} compiles to the key ${d.compiled}, not to the pinned ${d.pinned}`,
    advice:
      "The circuit changed. If that is meant, run scripts/compileKeys.ts --write and review the change.",
  },
} as const;

/** A verification key that is missing, or not the one that other circuits pin. */
export class ProofKeyError extends errorClass("ProofKeyError", proofKeyFaults) {}

import { errorClass } from "./ZekoError.ts";

export const genesisFaults = {
  GENESIS_MALFORMED: {
    remedy: "final",
    message: (d: { path: string; expected: string }) => `Genesis file: ${d.path} is not ${d.expected}`,
    advice: "Compare with docs/protocol.md#genesis, or take the file from who deployed the rollup.",
  },
  GENESIS_MISMATCH: {
    remedy: "final",
    message: (d: { expected: string; actual: string }) =>
      `Genesis ${d.actual} is not ${d.expected}, which this data belongs to`,
    advice: "Point the role at the genesis file it was started with, or at an empty data directory.",
  },
} as const;

/** A genesis file that cannot be used, or another one than before. */
export class GenesisError extends errorClass("GenesisError", genesisFaults) {}

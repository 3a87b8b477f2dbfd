import { errorClass } from "./ZekoError.ts";

export const genesisFaults = {
  GENESIS_MALFORMED: {
    remedy: "final",
    message: (d: { path: string; expected: string }) => `Genesis file: ${d.path} is not ${d.expected}`,
    advice: "Compare with docs/protocol.md#genesis, or take the file from who deployed the rollup.",
  },
  GENESIS_NO_GAS: {
    remedy: "final",
    message: (_: Record<never, never>) => "The genesis file names no account in which MINA is locked for gas",
    advice: "This deployment sells no gas. Get coins of the DA chain in another way.",
  },
} as const;

/** A genesis file that cannot be used, or another one than before. */
export class GenesisError extends errorClass("GenesisError", genesisFaults) {}

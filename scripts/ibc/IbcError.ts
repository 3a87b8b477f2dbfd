import { errorClass } from "../../protocol/index.ts";

/** Why coins did not get from one chain to the other. */
export const ibcFaults = {
  IBC_HERMES_MISSING: {
    remedy: "final",
    message: ({ program }: { program: string }) => `There is no relayer ${program}.`,
    advice:
      "Build it: cargo install ibc-relayer-cli --version 1.10.5 --locked (needs libclang); name it with --hermes <path>.",
  },
  IBC_HERMES_FAILED: {
    remedy: "final",
    message: ({ command, output }: { command: string; output: string }) => `hermes ${command}: ${output}`,
    advice: "The relayer's own words say what it lacks; its log is beside its configuration.",
  },
  IBC_TRANSFER_FAILED: {
    remedy: "final",
    message: ({ code, log }: { code: number; log: string }) => `The transfer was refused (${code}): ${log}`,
    advice: "The chain's own words say why.",
  },
  IBC_NOT_ARRIVED: {
    remedy: "retry",
    message: ({ what, have, want }: { what: string; have: bigint; want: bigint }) =>
      `${what}: ${have} instead of ${want}`,
    advice: "Look at the relayer's log, and whether both chains make blocks.",
  },
} as const;

/** Coins did not get from one chain to the other. */
export class IbcError extends errorClass("IbcError", ibcFaults) {}

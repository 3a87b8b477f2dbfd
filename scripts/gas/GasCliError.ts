import { errorClass } from "../../protocol/index.ts";

export const gasCliFaults = {
  GAS_NO_WAY: {
    remedy: "final",
    message: (_: Record<never, never>) => "Nothing says how to have gas paid out",
    advice: "Give gas.relay-url, or gas.da-url with gas.da-key-file and gas.signers.",
  },
  GAS_ACCOUNT_OTHER: {
    remedy: "final",
    message: (d: { what: string }) =>
      `The L1 account that the genesis file names for gas ${d.what}; nothing was locked`,
    advice: "Check gas.l1-url and the genesis file. MINA that is locked in another account is lost.",
  },
  GAS_LOCK_FAILED: {
    remedy: "final",
    message: (d: { hash: string; failures: readonly string[] }) =>
      `L1 took the transaction ${d.hash} and refused what it does (${d.failures.join(", ")}); only its fee is gone`,
    advice: "Check the paying account's balance, then lock again.",
  },
  GAS_LOCK_LOST: {
    remedy: "final",
    message: (d: { hash: string; validUntil: bigint }) =>
      `L1 has no transaction ${d.hash}, and its last slot, ${d.validUntil}, is over: nothing was locked`,
    advice: "Lock again, with a higher fee if the network is busy.",
  },
  GAS_WAIT_OVER: {
    remedy: "retry",
    message: (d: { waitedMs: number }) => `Not paid out within ${d.waitedMs} ms; nothing is lost`,
    advice: "Go on with zeko gas claim; zeko gas status shows what it waits for.",
  },
} as const;

/** Why gas is not paid out. */
export class GasCliError extends errorClass("GasCliError", gasCliFaults) {}

import { errorClass } from "./ZekoError.ts";

export const gasFaults = {
  GAS_RECIPIENT: {
    remedy: "final",
    message: (d: { recipient: string }) => `${d.recipient} is no address of the DA chain that can be paid`,
    advice:
      "Give 0x and 40 hex digits, not the zero address; in capital and small letters they must have the right checksum.",
  },
  GAS_AMOUNT: {
    remedy: "final",
    message: (d: { amount: bigint; least: bigint; most: bigint }) =>
      `${d.amount} nanomina are not between ${d.least} and ${d.most}`,
    advice: "Lock at least the minimum: each lock is work for every validator.",
  },
  GAS_ACTION: {
    remedy: "final",
    message: (d: { reason: string }) =>
      `An action of DaGas is none that its contract can have made: ${d.reason}`,
    advice:
      "The account that genesis names is not this version's DaGas. Certify nothing until that is clear.",
  },
} as const;

/** What is no lock of MINA for gas. */
export class GasError extends errorClass("GasError", gasFaults) {}

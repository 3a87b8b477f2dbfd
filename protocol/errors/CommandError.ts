import { errorClass } from "./ZekoError.ts";

export const commandFaults = {
  COMMAND_MALFORMED: {
    remedy: "final",
    message: (d: { path: string; expected: string }) => `Command: ${d.path} is not ${d.expected}`,
    advice: "Send a zkApp command as o1js or mina-signer 3 make it.",
  },
  COMMAND_UNSUPPORTED: {
    remedy: "final",
    message: (d: { path: string }) =>
      `Command: ${d.path} is not supported yet and must keep its neutral value`,
    advice: "This version takes transfers and account creation in MINA; see docs/departures.md.",
  },
  COMMAND_TOO_LARGE: {
    remedy: "final",
    message: (d: { updates: number; maximum: number }) =>
      `Command has ${d.updates} account updates, more than ${d.maximum}`,
    advice: "Split the command.",
  },
  COMMAND_CALL_DEPTH: {
    remedy: "final",
    message: (d: { index: number }) =>
      `Account update ${d.index} is more than one level below the one before it`,
    advice: "The first update has call depth 0; each next one at most one more than its predecessor.",
  },
} as const;

/** A command that the door refuses before it is executed. */
export class CommandError extends errorClass("CommandError", commandFaults) {}

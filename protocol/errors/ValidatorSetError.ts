import { errorClass } from "./ZekoError.ts";

export const validatorSetFaults = {
  SET_SIZE: {
    remedy: "final",
    message: (d: { size: number; maximum: number }) =>
      `A validator set has 1 to ${d.maximum} members, not ${d.size}`,
    advice: "Change the list of validators.",
  },
  SET_ORDER: {
    remedy: "final",
    message: (d: { index: number }) => `Validator ${d.index} is out of order or listed twice`,
    advice: "List validators by rising key: x, then even before odd.",
  },
  SET_WEIGHT: {
    remedy: "final",
    message: (d: { index: number }) => `Weight of validator ${d.index} is not between 1 and 2^32 − 1`,
    advice: "Change the weight.",
  },
  SET_THRESHOLD: {
    remedy: "final",
    message: (d: { threshold: bigint; total: bigint }) =>
      `Threshold ${d.threshold} of ${d.total}: must be a majority, and reachable`,
    advice: "Choose a threshold above half of the total weight; the default is n − ⌊n/3⌋.",
  },
  SET_EPOCH: {
    remedy: "final",
    message: (d: { epoch: bigint; expected: bigint }) =>
      `The next set has epoch ${d.epoch}, not ${d.expected}`,
    advice: "Rotations follow each other one by one: make the proposal for the epoch after the one in force.",
  },
} as const;

/** A list of validators that can not stand as a set. */
export class ValidatorSetError extends errorClass("ValidatorSetError", validatorSetFaults) {}

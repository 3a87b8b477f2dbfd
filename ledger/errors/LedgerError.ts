import { errorClass } from "../../protocol/index.ts";

export const ledgerFaults = {
  LEDGER_STATE_UNKNOWN: {
    remedy: "retry",
    message: (d: { state: bigint }) => `This replica does not hold the state ${d.state}`,
    advice: "Fetch the batches that lead to it, or rebuild the replica from a validator's copy.",
  },
  LEDGER_ROOT_MISMATCH: {
    remedy: "final",
    message: (d: { root: string; want: bigint; got: bigint }) =>
      `The ${d.root} is ${d.got}, not ${d.want} as claimed`,
    advice: "The changes do not lead to the claimed state: refuse the batch, ask another source.",
  },
  LEDGER_CHANGE_INVALID: {
    remedy: "final",
    message: (d: { index: bigint; reason: string }) =>
      `The change of account ${d.index} cannot be: ${d.reason}`,
    advice: "Changes come in index order, keep an account's id, and append new accounts without gaps.",
  },
  LEDGER_STORE_CORRUPT: {
    remedy: "bug",
    message: (d: { record: string }) => `The stored record ${d.record} is damaged or missing`,
    advice: "Check the disk. Delete the data directory and rebuild from a validator's copy.",
  },
  LEDGER_STORE_FOREIGN: {
    remedy: "final",
    message: (d: { want: bigint; got: bigint }) =>
      `The store starts from genesis state ${d.got}, not ${d.want}`,
    advice: "Point the role at the data directory of this deployment, or at an empty one.",
  },
  LEDGER_FORKS_FULL: {
    remedy: "retry",
    message: (d: { limit: number }) => `${d.limit} states are held that are not final yet`,
    advice: "Wait until L1 finalises a batch.",
  },
  LEDGER_KEY_EXISTS: {
    remedy: "bug",
    message: (d: { key: bigint }) => `The indexed map already holds the key ${d.key}`,
    advice: "A key is inserted once. Report this with the batch that caused it.",
  },
} as const;

/** A ledger, map or replica that cannot do what was asked. It is as it was before. */
export class LedgerError extends errorClass("LedgerError", ledgerFaults) {}

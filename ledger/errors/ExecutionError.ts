import { errorClass } from "../../protocol/index.ts";

type At = { position: number };

export const executionFaults = {
  EXECUTION_SIGNATURE_INVALID: {
    remedy: "final",
    message: (d: At) => `Account update ${d.position}: the signature is not its key's over this command`,
    advice: "Sign the command as it is sent, with the key of each account; position 0 is the fee payer.",
  },
  EXECUTION_FEE_PAYER_UNKNOWN: {
    remedy: "retry",
    message: (d: { key: string }) => `The fee payer ${d.key} has no account here`,
    advice:
      "Fund the account first: anybody can, with fundNewAccount or a plain send that covers the creation fee.",
  },
  EXECUTION_NONCE: {
    remedy: "retry",
    message: (d: At & { nonce: bigint; lower: bigint; upper: bigint }) =>
      `Account update ${d.position} wants a nonce from ${d.lower} to ${d.upper}, the account has ${d.nonce}`,
    advice: "Fetch the account, and sign again with its nonce. New accounts here start at 2147483648.",
  },
  EXECUTION_SLOT: {
    remedy: "final",
    message: (d: At & { slot: bigint; lower: bigint; upper: bigint }) =>
      `Account update ${d.position} is good in slots ${d.lower} to ${d.upper}, the block has ${d.slot}`,
    advice: "Sign again with a later validUntil or validWhile.",
  },
  EXECUTION_NOT_PERMITTED: {
    remedy: "final",
    message: (d: At & { permission: string; needs: string }) =>
      `Account update ${d.position}: the account's permission "${d.permission}" needs ${d.needs}`,
    advice: "Authorise the update as the account's permissions ask.",
  },
  EXECUTION_REPLAYABLE: {
    remedy: "final",
    message: (d: At) => `Account update ${d.position} could be applied twice with the same signature`,
    advice:
      "A signed update needs the full commitment, or an exact nonce precondition and a nonce increment.",
  },
  EXECUTION_BALANCE: {
    remedy: "retry",
    message: (d: At & { balance: bigint; change: bigint }) =>
      `Account update ${d.position} changes a balance of ${d.balance} by ${d.change} nanomina`,
    advice: "Balances stay between 0 and 2^64 - 1 nanomina. Send less, or fund the account.",
  },
  EXECUTION_CREATION_FEE: {
    remedy: "final",
    message: (d: At & { amount: bigint; fee: bigint }) =>
      `Account update ${d.position} creates an account with ${d.amount} nanomina, less than the fee of ${d.fee}`,
    advice: "Send at least the account creation fee, or pay it with fundNewAccount.",
  },
  EXECUTION_TIMED: {
    remedy: "final",
    message: (d: At) => `Account update ${d.position} touches an account with a vesting schedule`,
    advice: "Timed accounts cannot be used in this version; see docs/departures.md.",
  },
  EXECUTION_NONCE_EXHAUSTED: {
    remedy: "final",
    message: (d: At) => `Account update ${d.position} would raise a nonce past 2^32 - 1`,
    advice: "Use another account.",
  },
  EXECUTION_EXCESS: {
    remedy: "final",
    message: (d: { excess: bigint }) =>
      `The command's balance changes and creation fees leave ${d.excess} nanomina`,
    advice: "What is taken out of accounts must equal what is put in plus the creation fees.",
  },
  EXECUTION_EXCESS_OVERFLOW: {
    remedy: "final",
    message: (d: At) => `Account update ${d.position} takes the command's excess past 64 bits`,
    advice: "Split the command.",
  },
  EXECUTION_FEES_OVERFLOW: {
    remedy: "retry",
    message: (d: { fees: bigint }) => `The batch's collected fees, ${d.fees} nanomina, do not fit 64 bits`,
    advice: "The command fits the next batch.",
  },
  EXECUTION_KEY_INVALID: {
    remedy: "final",
    message: (d: At) =>
      `Account update ${d.position} creates an account for a key that is no point of the curve`,
    advice: "Send to a key that somebody can hold.",
  },
  EXECUTION_LEDGER_FULL: {
    remedy: "final",
    message: (d: { size: bigint }) => `The ledger holds ${d.size} accounts and has no empty leaf left`,
    advice: "2^35 accounts are all that Mina's ledger format holds.",
  },
  EXECUTION_SLOT_BACKWARDS: {
    remedy: "bug",
    message: (d: { slot: bigint; last: bigint }) => `A block of slot ${d.slot} follows one of slot ${d.last}`,
    advice: "Slots of L2 blocks never decrease. Check the sequencer's clock.",
  },
  EXECUTION_FEE_RECIPIENT: {
    remedy: "final",
    message: (d: { key: string; reason: string }) => `${d.key} cannot receive the batch's fees: ${d.reason}`,
    advice: "Name an existing account other than the inner one, with receive and access open to anybody.",
  },
} as const;

/** A command, block or batch that the rules refuse. The ledger is as it was before. */
export class ExecutionError extends errorClass("ExecutionError", executionFaults) {}

import { errorClass } from "../../protocol/index.ts";

type Sender = { key: string };

/** Why the pool does not take a transaction. Nothing was stored. */
export const mempoolFaults = {
  MEMPOOL_FULL: {
    remedy: "retry",
    message: (d: { limit: number }) => `The pool holds ${d.limit} transactions and takes no more`,
    advice: "Send it again after the next block.",
  },
  MEMPOOL_SENDER_FULL: {
    remedy: "retry",
    message: (d: Sender & { limit: number }) => `${d.limit} transactions of ${d.key} wait already`,
    advice: "Wait until some of them are in a block.",
  },
  MEMPOOL_FEE_TOO_LOW: {
    remedy: "final",
    message: (d: { fee: bigint; minimum: bigint }) =>
      `The fee of ${d.fee} nanomina is below the minimum of ${d.minimum}`,
    advice: "Set at least this fee and sign again.",
  },
  MEMPOOL_REPLACEMENT_FEE: {
    remedy: "final",
    message: (d: { fee: bigint; minimum: bigint }) =>
      `A transaction with this nonce waits already; to replace it takes ${d.minimum} nanomina, not ${d.fee}`,
    advice: "Raise the fee by a tenth at least, or use the next nonce.",
  },
  MEMPOOL_REPLACEMENT_CONFLICT: {
    remedy: "retry",
    message: (d: { code: string }) =>
      `Replacing the waiting transaction would make another accepted one fail (${d.code})`,
    advice: "An accepted transaction is not dropped for another. Wait for the next block.",
  },
  MEMPOOL_NONCE_STALE: {
    remedy: "final",
    message: (d: { nonce: bigint; expected: bigint }) =>
      `The nonce ${d.nonce} is used up, the account has ${d.expected}`,
    advice: "Fetch the account and sign again with its nonce.",
  },
  MEMPOOL_NONCE_TOO_FAR: {
    remedy: "retry",
    message: (d: { nonce: bigint; expected: bigint; limit: number }) =>
      `The nonce ${d.nonce} is more than ${d.limit} ahead of the next one, ${d.expected}`,
    advice: "Send the transactions before it first.",
  },
  MEMPOOL_EXPIRED: {
    remedy: "final",
    message: (d: { validUntil: bigint; slot: bigint }) =>
      `The transaction was good until slot ${d.validUntil}, the chain is at ${d.slot}`,
    advice: "Sign again with a later validUntil.",
  },
  MEMPOOL_WAITED: {
    remedy: "retry",
    message: (d: { nonce: bigint }) =>
      `The transaction with nonce ${d.nonce} waited too long for those before it, and was dropped`,
    advice: "Send the transactions before it, then this one again.",
  },
  MEMPOOL_REPLACED: {
    remedy: "final",
    message: (d: { hash: string }) => `The transaction ${d.hash} was replaced by one with a higher fee`,
    advice: "Nothing to do: its sender wanted it so.",
  },
  MEMPOOL_DUPLICATE: {
    remedy: "final",
    message: (d: { hash: string }) => `The transaction ${d.hash} is known already`,
    advice: "Nothing to do: it was accepted before.",
  },
} as const;

/** A transaction that the sequencer does not take. */
export class MempoolError extends errorClass("MempoolError", mempoolFaults) {}

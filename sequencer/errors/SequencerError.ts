import { errorClass } from "../../protocol/index.ts";

type Batch = { batch: bigint };

/** What keeps a batch from going on, or the sequencer from its work. */
export const sequencerFaults = {
  SEQUENCER_STORE_CORRUPT: {
    remedy: "bug",
    message: (d: { what: string }) => `The database contradicts itself: ${d.what}`,
    advice: "Check the disk, delete the data directory and rebuild from a validator's copy.",
  },
  SEQUENCER_BATCH_UNKNOWN: {
    remedy: "final",
    message: (d: { number: string }) => `There is no batch ${d.number} here`,
    advice: "GET /v1/batches lists those that there are.",
  },
  SEQUENCER_BLOCK_UNKNOWN: {
    remedy: "final",
    message: (d: { height: string }) => `There is no block ${d.height} here`,
    advice: "GET /v1/blocks lists those that there are.",
  },
  SEQUENCER_REQUEST_MALFORMED: {
    remedy: "final",
    message: (d: { what: string }) => `The request is malformed: ${d.what}`,
    advice: "See docs/operators.md for the paths and their parameters.",
  },
  SEQUENCER_BACKLOG: {
    remedy: "retry",
    message: (d: { open: number; limit: number }) =>
      `${d.open} batches wait for L1, the limit is ${d.limit}: no further one is closed`,
    advice: "Look at the oldest batch that is not accepted: its step says what it waits for.",
  },
  SEQUENCER_FEE_RECIPIENT: {
    remedy: "final",
    message: (d: { key: string }) => `The fee recipient ${d.key} has no account on L2`,
    advice:
      "Name an existing account with --sequencer.fee-recipient, such as one of the genesis allocations.",
  },
  SETTLEMENT_VALIDATORS_UNKNOWN: {
    remedy: "retry",
    message: (d: { field: bigint }) =>
      `No validator set of the DA chain makes field 6 of the outer account: ${d.field}`,
    advice:
      "L1 has taken a rotation that the DA chain has not mirrored yet: zeko validator status says which, zeko validator rotate mirrors it, and tells the sequencer before with --validator.sequencer-url.",
  },
  SEQUENCER_KEY_MISMATCH: {
    remedy: "final",
    message: (d: { expected: string; key: string }) =>
      `The genesis names the sequencer ${d.expected}, not ${d.key}`,
    advice: "Use the key that the genesis file names.",
  },
  SEQUENCER_FEE_ABOVE_FLOAT: {
    remedy: "final",
    message: (d: { needed: bigint; balance: bigint; float: bigint }) =>
      `Posting the batch costs ${d.needed}, the rollup has ${d.balance} prepaid, and the float is ${d.float}`,
    advice: "Raise --sequencer.da-fee-float, or have somebody prepay for the rollup.",
  },
  CERTIFICATE_NOT_OURS: {
    remedy: "retry",
    message: (d: Batch & { what: string }) =>
      `The certificate served for batch ${d.batch} is over another ${d.what}`,
    advice: "The relay mixes up its batches or lies; the DA chain's own record is read instead.",
  },
  QUORUM_PROOF_INVALID: {
    remedy: "retry",
    message: (d: Batch) =>
      `The quorum proof served for batch ${d.batch} does not verify, or is over another message`,
    advice: "Look at the relay. The next poll asks again.",
  },
  QUORUM_CHECK_LOST: {
    remedy: "retry",
    message: (_: Record<never, never>) => "The process that checks quorum proofs has ended",
    advice:
      "It is begun again with the next proof. If this repeats, look for the system's out-of-memory log.",
  },
  SETTLEMENT_OUTER_MISSING: {
    remedy: "retry",
    message: (d: { key: string }) => `L1 has no zkApp account ${d.key}`,
    advice: "Deploy the outer contract of this genesis first, and check the L1 endpoint.",
  },
  SETTLEMENT_FOREIGN_STATE: {
    remedy: "final",
    message: (d: { state: bigint }) =>
      `The outer account holds the state ${d.state}, which no batch of ours leads to`,
    advice: "Another sequencer has committed. Delete the data directory and rebuild from a validator's copy.",
  },
  SETTLEMENT_COMMIT_FAILED: {
    remedy: "retry",
    message: (d: Batch & { hash: string }) => `L1 took the commit ${d.hash} of batch ${d.batch} as failed`,
    advice: "Fee and nonce are spent; the commit is built again.",
  },
  SETTLEMENT_WINDOW_OVER: {
    remedy: "final",
    message: (d: Batch & { upper: bigint; slot: bigint }) =>
      `Batch ${d.batch} had to land by slot ${d.upper}, L1 is at ${d.slot}`,
    advice: "The batch can no longer be accepted. Its transactions go into a new batch.",
  },
} as const;

/** A batch that cannot go on, or a sequencer that cannot work. */
export class SequencerError extends errorClass("SequencerError", sequencerFaults) {}

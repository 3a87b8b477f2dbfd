/**
 * Steps of a batch, in order. Each names what is on disk: a batch at `sealed` has been seen whole on the DA chain, and this
 * is written down. A restart goes on behind the last step that is written.
 *
 * Only settlement leads back: L1 may forget what it had accepted, or a commit may miss its window.
 */
export const batchSteps = [
  /** Its blocks are fixed and executed; the inputs of its proofs are stored. */
  "closed",
  /** Payload, header and the sequencer's signature are stored. */
  "encoded",
  /** The inbox has the header. */
  "opened",
  /** The inbox has every chunk. */
  "sealed",
  /** A quorum's certificate is stored, verified by us. */
  "certified",
  /** One proof of the whole execution is stored. */
  "ledgerProved",
  /** One proof over the indexed maps is stored. */
  "indexProved",
  /** The wrapper is stored. */
  "wrapped",
  /** The relay's quorum proof is stored, verified by us. */
  "quorumProved",
  /** A commit, proved and signed, is stored. Never sent before. */
  "committed",
  /** L1 has been given the commit. */
  "sent",
  /** The outer account holds the target state, in the L1 block that the record names. */
  "accepted",
  /** That block is as deep as the network's finality asks. */
  "final",
] as const;

export type BatchStep = (typeof batchSteps)[number];

/** Whether a batch at `step` has `other` behind it. */
export function hasReached(step: BatchStep, other: BatchStep): boolean {
  return batchSteps.indexOf(step) >= batchSteps.indexOf(other);
}

/** Steps that change something outside before they are written down: done again after a crash in between, to no effect. */
export const outwardSteps = ["opened", "sealed", "sent"] as const satisfies readonly BatchStep[];

/**
 * Where the process may be killed in a test: behind every step, behind the other writes that acknowledge something, and
 * between what is done outside and its being written down.
 */
export const crashPoints = [
  "transaction",
  "block",
  "proof",
  ...batchSteps,
  ...outwardSteps.map((step) => `before ${step}` as const),
] as const;
export type CrashPoint = (typeof crashPoints)[number];

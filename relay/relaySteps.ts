/**
 * Steps of a batch, in order. Each names what is on disk; a restart goes on behind the last one that is written, and each
 * step may be done twice: the inbox takes a certificate once, whoever brings it.
 */
export const relaySteps = [
  /** Header and data root, as the chain holds them. Signatures come in. */
  "noticed",
  /** A quorum's certificate, verified as a whole. */
  "certified",
  /** The inbox has a certificate of this epoch: ours, or a rival relay's. */
  "recorded",
  /** The proof of the quorum. */
  "proved",
] as const;

export type RelayStep = (typeof relaySteps)[number];

/** Where a test may kill the process: when the work of a step is done, and when it is written down. */
export type RelayCrashPoint = `${RelayStep}:${"before" | "after"}`;

export const relayCrashPoints: readonly RelayCrashPoint[] = relaySteps.flatMap((step) => [
  `${step}:before` as const,
  `${step}:after` as const,
]);

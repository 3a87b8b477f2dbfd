/**
 * Steps of a batch, in order. Each names what is on disk; a restart goes on behind the last one that is written, and each
 * step may be done twice with the same outcome. So there is never a second signature, nor one without data behind it.
 */
export const signerSteps = [
  /** Header, chunk roots and signature, as the chain holds them. */
  "noticed",
  /** Poster and sequencer are who they must be. */
  "admitted",
  /** The posted bytes, equal to the chain's roots. */
  "fetched",
  /** The target state, reached by executing the batch here. */
  "executed",
  /** Bytes and state have been read back and compared. */
  "kept",
  /** Our signature. Nobody has seen it yet. */
  "signed",
  /** The signature has been handed to our peers. */
  "published",
] as const;

export type SignerStep = (typeof signerSteps)[number];

/** Where a test may kill the process: when the work of a step is done, and when it is written down. */
export type SignerCrashPoint = `${SignerStep}:${"before" | "after"}`;

export const signerCrashPoints: readonly SignerCrashPoint[] = signerSteps.flatMap((step) => [
  `${step}:before` as const,
  `${step}:after` as const,
]);

import { DaError } from "../da/index.ts";
import { GossipError } from "../gossip/index.ts";
import { SignerError } from "./SignerError.ts";
import type { DaFault, SignerMetrics } from "./SignerMetrics.ts";

/** Answers that contradict what they must hash to, or themselves. */
const LIES: readonly string[] = [
  "DA_ANSWER_MALFORMED",
  "DA_CHUNK_CORRUPT",
  "DA_OPENING_NOT_FOUND",
  "DA_WRONG_CHAIN",
  "SET_MISMATCH",
  "SIGNER_BATCH_ID",
  "SIGNER_DATA_MISMATCH",
];
/** Answers that lack what an earlier one told of. */
const BEHIND: readonly string[] = [
  "DA_BATCH_UNKNOWN",
  "DA_BATCH_NOT_SEALED",
  "DA_CHUNK_NOT_FOUND",
  "DA_CURSOR_AHEAD",
  "SIGNER_NODE_BEHIND",
];

/** Counts an error that our DA node is to blame for, and throws it on. */
export function countFault({ daFaults }: Pick<SignerMetrics, "daFaults">): (error: unknown) => never {
  return (error) => {
    const fault = faultOfNode(error);
    if (fault) daFaults.inc({ fault });
    throw error;
  };
}

function faultOfNode(error: unknown): DaFault | undefined {
  if (!(error instanceof DaError || error instanceof GossipError || error instanceof SignerError))
    return undefined;
  if (LIES.includes(error.code)) return "lie";
  if (BEHIND.includes(error.code)) return "behind";
  return error instanceof DaError ? "other" : undefined;
}

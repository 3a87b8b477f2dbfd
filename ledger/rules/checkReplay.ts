import { ExecutionError } from "../errors/ExecutionError.ts";
import type { RuleUpdate } from "./RuleUpdate.ts";

/**
 * Mina's replay check: a signed update must either raise a nonce that it pins to one value, or sign the full commitment,
 * whose fee payer does so. The fee payer itself must do the former.
 * @throws {ExecutionError} `EXECUTION_REPLAYABLE`
 */
export function checkReplay(update: RuleUpdate): void {
  const pinsNonce = update.nonce !== null && update.nonce.lower === update.nonce.upper;
  const signsFeePayer = update.useFullCommitment && update.position > 0;
  if (update.signature !== null && !(update.incrementNonce && pinsNonce) && !signsFeePayer)
    throw new ExecutionError("EXECUTION_REPLAYABLE", { position: update.position });
}

import { ExecutionError } from "../ledger/index.ts";
import { CommandError, FieldError, PayloadError } from "../protocol/index.ts";
import { SignerError } from "./SignerError.ts";

/**
 * Whether an error says that the batch itself is wrong, for good. What a sender of a single command may try again
 * (a nonce, a balance) is final too once it stands in a batch. Everything else is ours, a node's or a peer's trouble.
 */
export function isRefusal(
  error: unknown,
): error is SignerError | PayloadError | CommandError | FieldError | ExecutionError {
  if (error instanceof SignerError) return error.remedy === "final";
  return (
    error instanceof PayloadError ||
    error instanceof CommandError ||
    error instanceof FieldError ||
    error instanceof ExecutionError
  );
}

/** Whether a refusal rests on what our DA node alone says, and no hash covers. It may be a lie, or another node's behind one address. */
export function isNodesWord(error: unknown): boolean {
  return (
    error instanceof SignerError &&
    (error.code === "SIGNER_POSTER" || error.code === "SIGNER_HEADER_SIGNATURE")
  );
}

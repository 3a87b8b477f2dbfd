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

import type { Block, PublicKey } from "../protocol/index.ts";
import { BatchExecution, type ExecutedBatch } from "./BatchExecution.ts";
import type { Snapshot } from "./Snapshot.ts";

/** What a batch says is to be executed. */
export interface BatchContent {
  readonly blocks: readonly Block[];
  /** Existing account that gets the fees; never the inner account. */
  readonly feeRecipient: PublicKey;
}

/**
 * Executes a whole batch on its source state: every command of it must pass, since a failing one cannot be included.
 *
 * @param options.traces also record what the proofs need
 * @throws {ExecutionError} the first rule broken; {CommandError}. The source stays as it was.
 */
export function executeBatch(
  source: Snapshot,
  { blocks, feeRecipient }: BatchContent,
  { traces = false }: { traces?: boolean } = {},
): ExecutedBatch {
  const execution = new BatchExecution(source, { traced: traces });
  for (const { slot, timestampMs, commands } of blocks) {
    execution.openBlock(slot, timestampMs);
    for (const command of commands) execution.apply(command);
  }
  return execution.finish(feeRecipient);
}

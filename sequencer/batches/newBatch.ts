import type { ExecutedBatch } from "../../ledger/index.ts";
import type { ProofPlan } from "../ports/BatchProver.ts";
import type { BatchRecord } from "./BatchRecord.ts";

/** Name under which a batch's list of changed accounts is stored. */
export const CHANGES = "changes";

/** A batch at `closed`, and what is stored for its next steps, by name. */
export function newBatch(
  executed: ExecutedBatch,
  plan: ProofPlan,
  { firstBlock, nowMs }: { firstBlock: bigint; nowMs: number },
): { record: BatchRecord; inputs: Map<string, unknown> } {
  const record: BatchRecord = {
    number: executed.target.state.batch,
    step: "closed",
    source: executed.source.state,
    target: executed.target.state,
    landBy: executed.landBy,
    feeRecipient: executed.feeRecipient,
    firstBlock,
    nextBlock: firstBlock + BigInt(executed.blocks.length),
    transactions: executed.blocks.reduce((sum, { commands }) => sum + commands.length, 0),
    newAccounts: executed.newAccounts.length,
    leaves: { ledger: plan.ledger.length, index: plan.index.length },
    closedAtMs: nowMs,
    proofSeconds: {},
    reachedMs: { closed: nowMs },
  };
  // Named by their place in a tree of proofs, leaves being level 0.
  const inputs = new Map<string, unknown>([
    ...plan.ledger.map((input, i): [string, unknown] => [`ledger.0.${i}`, input]),
    ...plan.index.map((input, i): [string, unknown] => [`index.0.${i}`, input]),
    ["join", plan.join],
    [CHANGES, executed.changes],
  ]);
  return { record, inputs };
}

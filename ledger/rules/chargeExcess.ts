import { MAX_UINT64 } from "../../protocol/index.ts";
import { ExecutionError } from "../errors/ExecutionError.ts";
import type { RuleContext, RuleUpdate } from "./RuleUpdate.ts";

/**
 * The command's excess after an update: what was taken out of accounts, less what was put in, less the creation fees that
 * no account paid implicitly. A 64-bit amount with a sign, also in between.
 * @throws {ExecutionError} `EXECUTION_EXCESS_OVERFLOW`
 */
export function chargeExcess(
  excess: bigint,
  isNew: boolean,
  update: RuleUpdate,
  context: RuleContext,
): bigint {
  const creation = isNew && !update.implicitAccountCreationFee ? context.creationFee : 0n;
  const charged = excess - creation;
  const result = charged - update.balanceChange;
  if (exceeds64(charged) || exceeds64(result))
    throw new ExecutionError("EXECUTION_EXCESS_OVERFLOW", { position: update.position });
  return result;
}

function exceeds64(amount: bigint): boolean {
  return amount > MAX_UINT64 || amount < -MAX_UINT64;
}

import { applyUpdate } from "./applyUpdate.ts";
import type { LedgerStatement } from "./LedgerStatement.ts";
import { closeStatement, type Opening, openStatement } from "./openStatement.ts";
import type { Execution, SignedStep } from "./SignedStep.ts";

/**
 * σ → σ' by account updates, in order. A command may be open at either end.
 *
 * Proves: `statement` leads from the state that `opening` opens to the one that the steps lead to, by `applyUpdate`.
 */
export function signedRule(statement: LedgerStatement, opening: Opening, steps: readonly SignedStep[]): void {
  const { state, local, context } = openStatement(statement, opening);
  const end = steps.reduce<Execution>((at, step) => applyUpdate(context, at, step), { state, local });
  closeStatement(statement, end);
}

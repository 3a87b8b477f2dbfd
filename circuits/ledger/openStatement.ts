import { Struct } from "o1js";
import { LedgerContext } from "./LedgerContext.ts";
import { LedgerErrors } from "./LedgerErrors.ts";
import { LedgerState } from "./LedgerState.ts";
import type { LedgerStatement } from "./LedgerStatement.ts";
import { LocalState } from "./LocalState.ts";
import type { Execution } from "./SignedStep.ts";

/** The preimages behind a statement's source, as a private input. */
export class Opening extends Struct({ state: LedgerState, local: LocalState, context: LedgerContext }) {}

/** Binds the opening to the statement's source. */
export function openStatement(statement: LedgerStatement, opening: Opening) {
  const state = new LedgerState(opening.state);
  const local = new LocalState(opening.local);
  const context = new LedgerContext(opening.context);
  state.hash().assertEquals(statement.from, LedgerErrors.wrongSource);
  local.hash().assertEquals(state.local, LedgerErrors.wrongLocal);
  context.hash().assertEquals(state.ctx, LedgerErrors.wrongContext);
  return { state, local, context };
}

/** Binds what the rules led to, to the statement's target. */
export function closeStatement(statement: LedgerStatement, { state, local }: Execution): void {
  const target = new LedgerState({ ...state, local: local.hash() });
  target.hash().assertEquals(statement.to, LedgerErrors.wrongTarget);
}

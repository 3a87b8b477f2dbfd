export { LedgerContext } from "./LedgerContext.ts";
export { LedgerState, NO_DEADLINE } from "./LedgerState.ts";
export { LedgerStatement } from "./LedgerStatement.ts";
export { EMPTY_LOCAL, LocalState } from "./LocalState.ts";
export { accountKey, foldNewAccount } from "./newAccounts.ts";

import type { State } from "../protocol/index.ts";
import { LedgerError } from "./errors/LedgerError.ts";
import type { IndexedMap } from "./IndexedMap.ts";
import type { Ledger } from "./Ledger.ts";
import type { RuleContext } from "./rules/RuleUpdate.ts";

/** What a deployment fixes for execution; from the genesis file. */
export type ExecutionRules = Omit<RuleContext, "slot">;

/** The rollup at one state, in full: what a batch is executed on. Read it, fork its parts, do not write to them. */
export interface Snapshot {
  readonly rules: ExecutionRules;
  readonly state: State;
  /** Its root is `state.ledgerRoot`. */
  readonly ledger: Ledger;
  /** Account id → ledger index; its root and length are `state.accountsRoot`, `.accountsLength`. */
  readonly accounts: IndexedMap;
  /** What L1 owes. Empty in this version. */
  readonly owed: IndexedMap;
}

/** @throws {LedgerError} `LEDGER_ROOT_MISMATCH` unless ledger and maps are the state's. */
export function checkSnapshot({ state, ledger, accounts, owed }: Snapshot): void {
  const pairs: [root: string, want: bigint, got: bigint][] = [
    ["ledger root", state.ledgerRoot, ledger.root()],
    ["accounts root", state.accountsRoot, accounts.root()],
    ["accounts length", state.accountsLength, accounts.length],
    ["owed root", state.owedRoot, owed.root()],
    ["owed length", state.owedLength, owed.length],
  ];
  for (const [root, want, got] of pairs)
    if (want !== got) throw new LedgerError("LEDGER_ROOT_MISMATCH", { root, want, got });
}

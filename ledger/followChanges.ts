import { type AccountChange, accountIdKey, type State } from "../protocol/index.ts";
import { LedgerError } from "./errors/LedgerError.ts";
import { checkSnapshot, type Snapshot } from "./Snapshot.ts";

/**
 * The state that a change list leads to, without executing anything: how a replica is rebuilt from posted batches.
 * Ledger and maps are checked against `target`; the rest of `target` is taken as it is, so it must come from a batch that
 * L1 accepted or that was executed here. The source is not written to.
 *
 * @throws {LedgerError} `LEDGER_CHANGE_INVALID`, `LEDGER_ROOT_MISMATCH`, `LEDGER_KEY_EXISTS`
 */
export function followChanges(source: Snapshot, changes: readonly AccountChange[], target: State): Snapshot {
  if (target.batch !== source.state.batch + 1n)
    throw new LedgerError("LEDGER_ROOT_MISMATCH", {
      root: "batch number",
      want: target.batch,
      got: source.state.batch + 1n,
    });
  const ledger = source.ledger.fork();
  ledger.applyChanges(changes);
  const accounts = source.accounts.fork();
  // Accounts are appended in the order of their creation, which is the order of insertion too.
  for (const { index, account } of changes)
    if (index >= source.ledger.size) accounts.insert(accountIdKey(account.publicKey, account.tokenId), index);
  const snapshot: Snapshot = { ...source, state: target, ledger, accounts };
  checkSnapshot(snapshot);
  return snapshot;
}

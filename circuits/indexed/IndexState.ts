import { Field, Poseidon, Struct } from "o1js";
import { tags } from "../../protocol/index.ts";

/** τ: where the indexed maps stand while a batch's new accounts and debts are entered. */
export class IndexState extends Struct({
  /** Hash of `LedgerContext`; copied by every branch. */
  ctx: Field,
  /** Indexed map of account ids, and how many leaves it holds (its lower bound included). */
  accountsRoot: Field,
  accountsLength: Field,
  /** Indexed map of what L1 owes. */
  owedRoot: Field,
  owedLength: Field,
  /** Folds of what has been entered so far, from 0; they must end equal to the ledger's. */
  newAccounts: Field,
  refused: Field,
  /** Inner action state consumed so far. */
  inner: Field,
}) {
  /** What a batch starts from: nothing entered yet. */
  static start(source: {
    ctx: Field;
    accountsRoot: Field;
    accountsLength: Field;
    owedRoot: Field;
    owedLength: Field;
    inner: Field;
  }): IndexState {
    return new IndexState({ ...source, newAccounts: Field(0), refused: Field(0) });
  }

  hash(): Field {
    return Poseidon.hashWithPrefix(tags.indexState, IndexState.toFields(this));
  }
}

/** "Entering leads from the τ that hashes to `from` to the τ' that hashes to `to`." */
export class IndexStatement extends Struct({ from: Field, to: Field }) {}

import { Field, Poseidon, Struct, UInt32, UInt64 } from "o1js";
import { tags } from "../../protocol/index.ts";
import { EMPTY_LOCAL } from "./LocalState.ts";

/** `landBy` while no deposit has been credited: no deadline. */
export const NO_DEADLINE = 2n ** 32n - 1n;

/**
 * σ: where the execution of a batch stands. The two ends of what `LedgerProgram` proves are hashes of this.
 *
 * Invariant, for every σ reachable from a start with `local = EMPTY_LOCAL`: MINA in the ledger plus `fees` plus what
 * the open command holds (excess less supply) is constant.
 */
export class LedgerState extends Struct({
  /** Hash of `LedgerContext`; copied by every branch. */
  ctx: Field,
  /** Root of the account ledger, Mina's format, depth 35. */
  ledgerRoot: Field,
  /** Slot of the L2 block being applied; never decreases; moves where a command starts and where fees are paid. */
  slot: UInt32,
  /** Outer action state processed so far, and how many actions that is. */
  cursor: Field,
  processed: UInt64,
  /** Fold of the accounts created, from 0; see `foldNewAccount`. */
  newAccounts: Field,
  /** Fold of the deposits refused, from 0. */
  refused: Field,
  /** Smallest deadline of a credited deposit; `NO_DEADLINE` at the start. */
  landBy: UInt32,
  /** Command and creation fees collected and not yet paid out, nanomina. */
  fees: UInt64,
  /** Hash of `LocalState`. */
  local: Field,
}) {
  /** What a batch starts from: nothing created, refused, collected or open. */
  static start(source: {
    ctx: Field;
    ledgerRoot: Field;
    slot: UInt32;
    cursor: Field;
    processed: UInt64;
  }): LedgerState {
    return new LedgerState({
      ...source,
      newAccounts: Field(0),
      refused: Field(0),
      landBy: UInt32.from(NO_DEADLINE),
      fees: UInt64.from(0),
      local: EMPTY_LOCAL,
    });
  }

  hash(): Field {
    return Poseidon.hashWithPrefix(tags.ledgerState, [
      this.ctx,
      this.ledgerRoot,
      this.slot.value,
      this.cursor,
      this.processed.value,
      this.newAccounts,
      this.refused,
      this.landBy.value,
      this.fees.value,
      this.local,
    ]);
  }
}

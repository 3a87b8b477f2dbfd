import { Field, Poseidon, Struct, UInt32, UInt64 } from "o1js";
import { tags } from "../../protocol/index.ts";

/** S: the rollup's state, as validators sign it and L1 holds it. Twin: `State` in protocol/. */
export class RollupState extends Struct({
  ledgerRoot: Field,
  accountsRoot: Field,
  accountsLength: Field,
  /** Action state of the inner account. */
  inner: Field,
  owedRoot: Field,
  owedLength: Field,
  /** Slot of the last L2 block. */
  lastSlot: UInt32,
  /** Accepted batches; 0 at genesis. */
  batch: UInt64,
  blockCount: UInt64,
  /** Outer action state processed, and how many actions that is. */
  cursor: Field,
  processed: UInt64,
}) {
  /** Field 0 of the outer account. */
  coreHash(): Field {
    return Poseidon.hashWithPrefix(tags.stateCore, [
      this.ledgerRoot,
      this.accountsRoot,
      this.accountsLength,
      this.inner,
      this.owedRoot,
      this.owedLength,
      this.lastSlot.value,
      this.batch.value,
      this.blockCount.value,
    ]);
  }

  /** Field 4 of the outer account. */
  cursorHash(): Field {
    return Poseidon.hashWithPrefix(tags.cursor, [this.cursor, this.processed.value]);
  }

  /** H(S). */
  hash(): Field {
    return stateHashOf(this.coreHash(), this.cursorHash());
  }
}

/** H(S) from fields 0 and 4 of the outer account. */
export function stateHashOf(core: Field, cursor: Field): Field {
  return Poseidon.hashWithPrefix(tags.state, [core, cursor]);
}

/** What validators sign. Twin: `statementHash` in protocol/. */
export function statementHashOf(s: { source: Field; target: Field; landBy: UInt32; domain: Field }): Field {
  return Poseidon.hashWithPrefix(tags.statement, [s.source, s.target, s.landBy.value, s.domain]);
}

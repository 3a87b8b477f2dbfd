import { Field, UInt32, UInt64 } from "o1js";
import {
  type Account,
  contextHash,
  type LedgerConstants,
  type State,
  stateHash,
  statementHash,
} from "../../protocol/index.ts";
import { type IndexValues, indexState } from "../indexed/index.ts";
import { type LedgerValues, openingOf } from "../ledger/index.ts";
import { accountFrom, zkappFrom } from "../mina/index.ts";
import { InnerAccount, JoinWitness } from "./joinBatch.ts";
import { RollupState } from "./RollupState.ts";
import { WrapperStatement } from "./WrapperStatement.ts";

/** What a join is made from, besides the two proofs. */
export interface JoinInput {
  readonly source: State;
  readonly context: LedgerConstants;
  /** σ' and τ'. */
  readonly ledgerEnd: LedgerValues;
  readonly indexEnd: IndexValues;
  /** The account at index 0 of the target ledger, and its path. */
  readonly inner: Readonly<{ account: Account; path: readonly bigint[] }>;
  /** Blocks in the batch. */
  readonly blocks: bigint;
}

/** S' of a join. Twin: `targetState` in joinBatch.ts. */
export function joinTarget({ source, ledgerEnd, indexEnd, blocks }: JoinInput): State {
  return {
    ledgerRoot: ledgerEnd.ledgerRoot,
    accountsRoot: indexEnd.accountsRoot,
    accountsLength: indexEnd.accountsLength,
    inner: indexEnd.inner,
    owedRoot: indexEnd.owedRoot,
    owedLength: indexEnd.owedLength,
    lastSlot: ledgerEnd.slot,
    batch: source.batch + 1n,
    blockCount: source.blockCount + blocks,
    cursor: ledgerEnd.cursor,
    processed: ledgerEnd.processed,
  };
}

export function joinWitness(input: JoinInput): { statement: WrapperStatement; witness: JoinWitness } {
  const { source, context, ledgerEnd, indexEnd, inner } = input;
  const { state, context: contextWitness } = openingOf(context, ledgerEnd);
  if (!inner.account.zkapp) throw new RangeError("the inner account has no zkApp");
  return {
    statement: new WrapperStatement({
      statement: Field(
        statementHash({
          source: stateHash(source),
          target: stateHash(joinTarget(input)),
          landBy: ledgerEnd.landBy,
          domain: context.domain,
        }),
      ),
      recent: Field(ledgerEnd.cursor),
      ctx: Field(contextHash(context)),
    }),
    witness: new JoinWitness({
      source: rollupState(source),
      context: contextWitness,
      ledgerEnd: state,
      indexEnd: indexState(indexEnd),
      inner: new InnerAccount({
        account: accountFrom(inner.account),
        zkapp: zkappFrom(inner.account.zkapp),
        siblings: inner.path.map((sibling) => Field(sibling)),
      }),
      blocks: UInt32.from(input.blocks),
    }),
  };
}

export function rollupState(s: State): RollupState {
  return new RollupState({
    ledgerRoot: Field(s.ledgerRoot),
    accountsRoot: Field(s.accountsRoot),
    accountsLength: Field(s.accountsLength),
    inner: Field(s.inner),
    owedRoot: Field(s.owedRoot),
    owedLength: Field(s.owedLength),
    lastSlot: UInt32.from(s.lastSlot),
    batch: UInt64.from(s.batch),
    blockCount: UInt64.from(s.blockCount),
    cursor: Field(s.cursor),
    processed: UInt64.from(s.processed),
  });
}

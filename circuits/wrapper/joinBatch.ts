import { Bool, Field, Gadgets, Provable, Struct, UInt32 } from "o1js";
import { LEDGER_DEPTH, MINA_TOKEN } from "../../protocol/index.ts";
import { IndexState, type IndexStatement } from "../indexed/index.ts";
import { EMPTY_LOCAL, LedgerContext, LedgerState, type LedgerStatement } from "../ledger/index.ts";
import { accountHashUnsafe, ledgerRoot, MinaAccount, ZkappState } from "../mina/index.ts";
import { RollupState, statementHashOf } from "./RollupState.ts";
import { WrapperErrors } from "./WrapperErrors.ts";
import type { WrapperStatement } from "./WrapperStatement.ts";

/** Bits of index 0: constants, so that no other place can be opened. */
const FIRST_LEAF = Array.from({ length: LEDGER_DEPTH }, () => Bool(false));

/** The inner account in the target ledger. */
export class InnerAccount extends Struct({
  account: MinaAccount,
  zkapp: ZkappState,
  /** Siblings from the leaf up. */
  siblings: Provable.Array(Field, LEDGER_DEPTH),
}) {}

/** Everything that stands behind the hashes that a join compares. */
export class JoinWitness extends Struct({
  source: RollupState,
  context: LedgerContext,
  /** σ' and τ'. */
  ledgerEnd: LedgerState,
  indexEnd: IndexState,
  inner: InnerAccount,
  /** Blocks in this batch. No proof counts them: the prover's choice, which validators check by executing again. */
  blocks: UInt32,
}) {}

/**
 * Makes one step of the rollup from a batch's two ranges.
 *
 * Proves: both ranges start at the source state, with empty folds and nothing open; nothing is open or unpaid at their
 * ends; what the ledger created and refused is what the maps entered; every action of the inner account was consumed;
 * and `statement` is that of the step to the state in which they end, one batch later.
 * Does not prove: that the source is L1's state and `ctx` this deployment's (the outer contract compares both).
 */
export function joinBatch(
  statement: WrapperStatement,
  ledger: LedgerStatement,
  index: IndexStatement,
  witness: JoinWitness,
): void {
  const ctx = new LedgerContext(witness.context).hash();
  statement.ctx.assertEquals(ctx, WrapperErrors.wrongContext);
  const source = new RollupState(witness.source);
  pinRanges(ctx, source, ledger, index, witness);
  const { ledgerEnd, indexEnd } = witness;
  ledgerEnd.newAccounts.assertEquals(indexEnd.newAccounts, WrapperErrors.newAccountsDiffer);
  ledgerEnd.refused.assertEquals(indexEnd.refused, WrapperErrors.refusedDiffer);
  pinInnerAccount(witness);
  const target = targetState(source, witness);
  const made = statementHashOf({
    source: source.hash(),
    target: target.hash(),
    landBy: ledgerEnd.landBy,
    domain: witness.context.domain,
  });
  statement.statement.assertEquals(made, WrapperErrors.wrongStatement);
  statement.recent.assertEquals(ledgerEnd.cursor, WrapperErrors.wrongRecent);
}

/** Both ends of both ranges. */
function pinRanges(
  ctx: Field,
  source: RollupState,
  ledger: LedgerStatement,
  index: IndexStatement,
  witness: JoinWitness,
): void {
  const ledgerStart = LedgerState.start({ ...source, ctx, slot: source.lastSlot });
  ledger.from.assertEquals(ledgerStart.hash(), WrapperErrors.wrongLedgerStart);
  const ledgerEnd = new LedgerState(witness.ledgerEnd);
  ledger.to.assertEquals(ledgerEnd.hash(), WrapperErrors.wrongLedgerEnd);
  // Branches copy ctx; compared all the same, as this costs nothing.
  ledgerEnd.ctx.assertEquals(ctx, WrapperErrors.wrongContext);
  ledgerEnd.fees.value.assertEquals(0, WrapperErrors.feesLeft);
  ledgerEnd.local.assertEquals(EMPTY_LOCAL, WrapperErrors.commandOpen);
  index.from.assertEquals(IndexState.start({ ...source, ctx }).hash(), WrapperErrors.wrongIndexStart);
  const indexEnd = new IndexState(witness.indexEnd);
  index.to.assertEquals(indexEnd.hash(), WrapperErrors.wrongIndexEnd);
  indexEnd.ctx.assertEquals(ctx, WrapperErrors.wrongContext);
}

/** Opens the inner account at index 0 of the target ledger, and its newest action state. */
function pinInnerAccount({ context, ledgerEnd, indexEnd, inner }: JoinWitness): void {
  const { account } = inner;
  const zkapp = new ZkappState(inner.zkapp);
  const isInner = account.publicKey
    .equals(context.innerKey)
    .and(account.tokenId.equals(MINA_TOKEN))
    .and(zkapp.verificationKeyHash.equals(context.innerVerificationKeyHash))
    .and(account.zkapp.equals(zkapp.digest()));
  isInner.assertTrue(WrapperErrors.wrongInnerAccount);
  // The typed parts were range-checked as witnesses; the symbol is the one packed part that was not.
  Gadgets.rangeCheckN(48, account.tokenSymbol, WrapperErrors.wrongInnerAccount);
  const root = ledgerRoot({ siblings: inner.siblings, isRight: FIRST_LEAF }, accountHashUnsafe(account));
  root.assertEquals(ledgerEnd.ledgerRoot, WrapperErrors.innerNotInLedger);
  zkapp.actionState[0]!.assertEquals(indexEnd.inner, WrapperErrors.innerActionsMissed);
}

function targetState(source: RollupState, { ledgerEnd, indexEnd, blocks }: JoinWitness): RollupState {
  return new RollupState({
    ledgerRoot: ledgerEnd.ledgerRoot,
    accountsRoot: indexEnd.accountsRoot,
    accountsLength: indexEnd.accountsLength,
    inner: indexEnd.inner,
    owedRoot: indexEnd.owedRoot,
    owedLength: indexEnd.owedLength,
    lastSlot: ledgerEnd.slot,
    batch: source.batch.add(1),
    blockCount: source.blockCount.add(blocks.toUInt64()),
    cursor: ledgerEnd.cursor,
    processed: ledgerEnd.processed,
  });
}

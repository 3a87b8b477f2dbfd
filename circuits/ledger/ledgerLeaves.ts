import type { AccountUpdateTrace, BatchTraces, FeesTrace } from "../../ledger/index.ts";
import {
  accountIdKey,
  contextHash,
  hash,
  type LedgerConstants,
  type State,
  tags,
} from "../../protocol/index.ts";
import { type LedgerValues, ledgerStart } from "./ledgerValues.ts";

/** One `signed` proof, in plain numbers: at most as many updates as the branch has steps; none is fine. */
export interface SignedInput {
  readonly context: LedgerConstants;
  readonly from: LedgerValues;
  readonly updates: readonly AccountUpdateTrace[];
}

/** The `fees` proof of a batch, in plain numbers. */
export interface FeesInput {
  readonly context: LedgerConstants;
  readonly from: LedgerValues;
  readonly payout: FeesTrace;
}

/** A batch as the ledger's executor traced it. */
export interface LedgerBatch {
  readonly context: LedgerConstants;
  readonly source: State;
  readonly traces: Pick<BatchTraces, "updates" | "fees">;
}

/**
 * What the ledger proofs of a batch are made from, in order: each starts where the one before it ends, wherever in a
 * command that is. A batch without commands has no `signed` proof.
 *
 * @param steps account updates per `signed` proof
 */
export function ledgerLeaves(batch: LedgerBatch, steps: number): { signed: SignedInput[]; fees: FeesInput } {
  const { context, traces } = batch;
  const signed: SignedInput[] = [];
  let from = ledgerStart(contextHash(context), batch.source);
  for (let first = 0; first < traces.updates.length; first += steps) {
    const leaf = { context, from, updates: traces.updates.slice(first, first + steps) };
    signed.push(leaf);
    from = afterSigned(leaf);
  }
  return { signed, fees: { context, from, payout: traces.fees } };
}

/** σ after these updates. Twin: `applyUpdate`. */
export function afterSigned({ from, updates }: Pick<SignedInput, "from" | "updates">): LedgerValues {
  const last = updates.at(-1);
  if (!last) return from;
  return {
    ...from,
    ledgerRoot: last.ledgerRootAfter,
    slot: last.slot,
    newAccounts: updates.filter(({ before }) => before === null).reduce(foldCreated, from.newAccounts),
    fees: last.feesAfter,
    local: last.localAfter,
  };
}

/** σ after the payout. Twin: `feesRule`. */
export function afterFees({ from, payout }: Pick<FeesInput, "from" | "payout">): LedgerValues {
  return { ...from, ledgerRoot: payout.ledgerRootAfter, slot: payout.slot, fees: 0n };
}

function foldCreated(fold: bigint, { after, index }: AccountUpdateTrace): bigint {
  return hash(tags.newAccount, [fold, accountIdKey(after.publicKey, after.tokenId), index]);
}

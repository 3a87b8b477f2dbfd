import type { CallFrame, LocalState as LocalValues } from "../../ledger/index.ts";
import { hash, MINA_TOKEN, mod, type State, tags } from "../../protocol/index.ts";
import { minaPrefixes } from "../mina/index.ts";
import { NO_DEADLINE } from "./LedgerState.ts";

/** σ in plain numbers, its local state open. Twins: `LedgerState`, `LocalState`. */
export interface LedgerValues {
  readonly ctx: bigint;
  readonly ledgerRoot: bigint;
  readonly slot: bigint;
  readonly cursor: bigint;
  readonly processed: bigint;
  readonly newAccounts: bigint;
  readonly refused: bigint;
  readonly landBy: bigint;
  readonly fees: bigint;
  readonly local: LocalValues;
}

/** Between two commands. Twin: `LocalState.empty`. */
export const EMPTY_LOCAL_VALUES: LocalValues = {
  frame: { caller: MINA_TOKEN, callerCaller: MINA_TOKEN, calls: 0n },
  stack: [],
  commitment: 0n,
  fullCommitment: 0n,
  excess: 0n,
  supply: 0n,
  index: 0n,
};

/** σ at the start of a batch. Twin: `LedgerState.start`. */
export function ledgerStart(ctx: bigint, source: State): LedgerValues {
  return {
    ctx,
    ledgerRoot: source.ledgerRoot,
    slot: source.lastSlot,
    cursor: source.cursor,
    processed: source.processed,
    newAccounts: 0n,
    refused: 0n,
    landBy: NO_DEADLINE,
    fees: 0n,
    local: EMPTY_LOCAL_VALUES,
  };
}

/** H(σ). Twin: `LedgerState.hash`. */
export function ledgerHash(values: LedgerValues): bigint {
  return hash(tags.ledgerState, [
    values.ctx,
    values.ledgerRoot,
    values.slot,
    values.cursor,
    values.processed,
    values.newAccounts,
    values.refused,
    values.landBy,
    values.fees,
    localHash(values.local),
  ]);
}

/** Twin: `LocalState.hash`. */
export function localHash({ frame, ...local }: LocalValues): bigint {
  return hash(tags.localState, [
    stackOf(local.stack),
    frame.caller,
    frame.callerCaller,
    frame.calls,
    local.commitment,
    local.fullCommitment,
    mod(local.excess),
    mod(local.supply),
    local.index,
  ]);
}

/** Hash of a call stack, top first. Twin: `stackHash` of circuits/mina. */
export function stackOf(frames: readonly CallFrame[]): bigint {
  return frames.reduceRight((rest, { caller, callerCaller, calls }) => {
    const frame = hash(minaPrefixes.stackFrame, [caller, callerCaller, calls]);
    return hash(minaPrefixes.forestCons, [frame, rest]);
  }, 0n);
}

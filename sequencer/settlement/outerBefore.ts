import {
  type Genesis,
  type OuterState,
  outerAfterCommit,
  outerAtGenesis,
  type State,
} from "../../protocol/index.ts";
import type { BatchRecord } from "../batches/BatchRecord.ts";

/**
 * The outer account behind these batches, from genesis on. What its council changes is not followed in this version: the
 * contract compares all eight fields, so that a commit made from other ones fails instead of doing harm.
 * @param earlier every batch from the first, in order
 */
export function outerBefore(genesis: Genesis, state: State, earlier: readonly BatchRecord[]): OuterState {
  return earlier.reduce(
    (outer, { target, landBy }) => outerAfterCommit(outer, target, landBy),
    outerAtGenesis(genesis, state),
  );
}

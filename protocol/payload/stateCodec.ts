import type { ByteReader, ByteWriter } from "../bytes.ts";
import type { State } from "../state.ts";

/** Every field of the state, in the order in which it is written. */
const stateFields = [
  "ledgerRoot",
  "accountsRoot",
  "accountsLength",
  "inner",
  "owedRoot",
  "owedLength",
  "lastSlot",
  "batch",
  "blockCount",
  "cursor",
  "processed",
] as const satisfies readonly (keyof State)[];

/** The state in full: eleven field elements of 32 bytes. */
export function writeState(out: ByteWriter, state: State): void {
  for (const name of stateFields) out.field(state[name]);
}

/** @throws {PayloadError} `PAYLOAD_MALFORMED` */
export function readState(input: ByteReader): State {
  return Object.fromEntries(stateFields.map((name) => [name, input.field()])) as unknown as State;
}

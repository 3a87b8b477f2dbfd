import { type Field, Poseidon } from "o1js";
import { tags } from "../../protocol/index.ts";

/** What a member of the set signs for a batch. Twin: `attestationMessage` in protocol/. */
export function attestationMessageOf(c: {
  readonly setHash: Field;
  readonly statement: Field;
  readonly dataRoot: Field;
  readonly dataLength: Field;
  readonly scheme: Field;
}): Field {
  return Poseidon.hashWithPrefix(tags.attest, [c.setHash, c.statement, c.dataRoot, c.dataLength, c.scheme]);
}

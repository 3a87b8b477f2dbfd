import { Field, Poseidon } from "o1js";
import { tagToField } from "../../protocol/index.ts";

/** First field of the sponge after a prefix: Mina's hash of "nothing" under that prefix. */
export function saltOf(prefix: string): Field {
  return Poseidon.update([Field(0), Field(0), Field(0)], [Field(tagToField(prefix))])[0];
}

import { gateInterface } from "./contracts.ts";
import type { Hex } from "./DaTypes.ts";

const SELECTOR = gateInterface.getFunction("postChunk")!.selector;
const WORD = 32;

/**
 * The chunk in a call of `postChunk`, read as the contract reads it: whoever posts may lay the call out oddly, and must not
 * thereby hide bytes that the contract has accepted. What is read still has to be compared with the chunk's root: that is why
 * nobody looks at whom the call went to. A gate that replaces this one and takes other calls needs a branch of its own here,
 * beside this one, which the chunks from before keep needing.
 * @returns undefined when the data is no such call, or too short for what it announces
 */
export function readChunkCall(data: Hex): Uint8Array | undefined {
  if (!data.startsWith(SELECTOR)) return undefined;
  const bytes = Buffer.from(data.slice(SELECTOR.length), "hex");
  const wordAt = (at: number) => {
    if (at + WORD > bytes.length) return undefined;
    const word = BigInt(`0x${bytes.subarray(at, at + WORD).toString("hex")}`);
    return word <= BigInt(bytes.length) ? Number(word) : undefined;
  };
  const offset = wordAt(3 * WORD); // after inbox, id and index
  const length = offset === undefined ? undefined : wordAt(offset);
  if (offset === undefined || length === undefined) return undefined;
  const start = offset + WORD;
  return start + length <= bytes.length ? new Uint8Array(bytes.subarray(start, start + length)) : undefined;
}

import {
  announcedLength,
  type BatchHeader,
  type Payload,
  payloadDecoder,
  stateHash,
} from "../../protocol/index.ts";
import { SignerError } from "../SignerError.ts";
import { Slices } from "./Slices.ts";

/**
 * Third check: the bytes are the one encoding of a batch, and what it says of itself is what its header says.
 * Gives way to other work every few milliseconds, but for the compressor, which takes a second for the largest batch.
 *
 * @param now milliseconds, any origin
 * @throws {PayloadError}, {CommandError} when it is no canonical batch
 * @throws {SignerError} `SIGNER_HEADER_MISMATCH`
 */
export async function checkPayload(
  data: Uint8Array,
  header: BatchHeader,
  domain: bigint,
  now: () => number,
): Promise<Payload> {
  const same = (what: string, payload: bigint, claimed: bigint) => {
    if (payload !== claimed) throw new SignerError("SIGNER_HEADER_MISMATCH", { what });
  };
  same("decoded length", BigInt(announcedLength(data)), header.decodedLength); // before anything is decompressed
  const payload = await decoded(data, now);
  same("domain", payload.domain, domain);
  same("source state", payload.source, header.source);
  same("batch number", payload.target.batch, header.number);
  same("landing limit", payload.landBy, header.landBy);
  same("target state", stateHash(payload.target), header.target);
  return payload;
}

async function decoded(data: Uint8Array, now: () => number): Promise<Payload> {
  const steps = payloadDecoder(data);
  const slices = new Slices(now);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    if (slices.isOver) await slices.giveWay();
  }
}

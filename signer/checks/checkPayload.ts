import {
  announcedLength,
  type BatchHeader,
  decodePayload,
  type Payload,
  stateHash,
} from "../../protocol/index.ts";
import { SignerError } from "../SignerError.ts";

/**
 * Third check: the bytes are the one encoding of a batch, and what it says of itself is what its header says.
 *
 * @throws {PayloadError}, {CommandError} when it is no canonical batch
 * @throws {SignerError} `SIGNER_HEADER_MISMATCH`
 */
export function checkPayload(data: Uint8Array, header: BatchHeader, domain: bigint): Payload {
  const same = (what: string, payload: bigint, claimed: bigint) => {
    if (payload !== claimed) throw new SignerError("SIGNER_HEADER_MISMATCH", { what });
  };
  same("decoded length", BigInt(announcedLength(data)), header.decodedLength); // before anything is decompressed
  const payload = decodePayload(data);
  same("domain", payload.domain, domain);
  same("source state", payload.source, header.source);
  same("batch number", payload.target.batch, header.number);
  same("landing limit", payload.landBy, header.landBy);
  same("target state", stateHash(payload.target), header.target);
  return payload;
}

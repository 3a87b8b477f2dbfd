import {
  announcedLength,
  batchId,
  type Certificate,
  chunkRoot,
  chunksOf,
  DATA_SCHEME,
  dataRootOfChunks,
  decodePayload,
  domainOf,
  type Genesis,
  type Payload,
  stateHash,
} from "../../protocol/index.ts";
import { VerifyError } from "./VerifyError.ts";

/**
 * Checks batch bytes against a certificate that is known to be good: commitment first, then the one decoding, then that what
 * it says of itself is what the validators signed.
 *
 * Does not execute: validators attested that they did.
 * @throws {VerifyError} `VERIFY_DATA_MISMATCH`; {PayloadError}; {CommandError}
 */
export function checkBatch(data: Uint8Array, certificate: Certificate, genesis: Genesis): Payload {
  const { header } = certificate;
  const same = (what: string, a: unknown, b: unknown) => {
    if (a !== b) throw new VerifyError("VERIFY_DATA_MISMATCH", { what });
  };
  same("length", BigInt(data.length), header.dataLength);
  same("scheme", DATA_SCHEME, header.scheme);
  const roots = chunksOf(data).map(chunkRoot);
  same("data root", dataRootOfChunks(roots), certificate.dataRoot);
  const { daChainId, inbox, rollupId } = domainOf(genesis);
  const id = batchId({ daChainId, inbox, rollupId }, header, roots);
  same("batch id", Buffer.from(id).toString("hex"), Buffer.from(certificate.batchId).toString("hex"));
  same("decoded length", BigInt(announcedLength(data)), header.decodedLength);
  const payload = decodePayload(data);
  same("domain", payload.domain, certificate.domain);
  same("source state", payload.source, header.source);
  same("target state", stateHash(payload.target), header.target);
  same("landing limit", payload.landBy, header.landBy);
  same("batch number", payload.target.batch, header.number);
  return payload;
}

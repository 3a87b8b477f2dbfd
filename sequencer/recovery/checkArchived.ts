import type { BatchId, DaReader } from "../../da/index.ts";
import {
  type BatchHeader,
  batchId,
  CertificateError,
  type CertificateJson,
  certificateToJson,
  chunkRoot,
  chunksOf,
  type Domain,
  dataRootOfChunks,
  decodePayload,
  domainHash,
  type Payload,
  stateHash,
  type ValidatorSet,
  ZekoError,
} from "../../protocol/index.ts";
import type { Posting } from "../batches/BatchRecord.ts";
import { recordedCertificate } from "../batches/certifyBatch.ts";
import { RecoveryError } from "../errors/RecoveryError.ts";
import type { ArchivedBatch } from "../ports/BatchArchive.ts";

export interface ArchiveRules {
  readonly domain: Domain;
  /** Every set so far: the inbox recorded a certificate when its set was in force. */
  readonly sets: readonly ValidatorSet[];
}

/** What the DA chain itself says of an archived batch. */
export interface Attested {
  readonly posting: Posting;
  readonly certificate: CertificateJson;
}

/**
 * Compares an archived batch with the DA chain: its id must be the hash of its header and chunk roots, and a quorum's
 * certificate must be recorded.
 * @throws {RecoveryError} `RECOVERY_NOT_ON_CHAIN`, `RECOVERY_NOT_CERTIFIED`
 */
export async function attestedOnChain(
  { id, header }: ArchivedBatch,
  { domain, sets }: ArchiveRules,
  da: Pick<DaReader, "batch" | "certificateOf">,
): Promise<Attested> {
  const standing = await da.batch(id as BatchId);
  if (!standing?.sealed || !sameHeader(standing.header, header)) throw notOnChain(id);
  const { chunkRoots, signature } = standing;
  if (`0x${Buffer.from(batchId(domain, header, chunkRoots)).toString("hex")}` !== id) throw notOnChain(id);
  const posting: Posting = {
    header,
    chunkRoots,
    signature,
    dataRoot: dataRootOfChunks(chunkRoots),
    id: id as BatchId,
  };
  for (const set of sets.toReversed()) {
    const options = { domain: domainHash(domain), set };
    try {
      const certificate = await recordedCertificate({ number: header.number, posting }, options, { da });
      if (certificate) return { posting, certificate: certificateToJson(certificate) };
    } catch (error) {
      if (!(error instanceof CertificateError)) throw error;
    }
  }
  throw new RecoveryError("RECOVERY_NOT_CERTIFIED", { batch: id });
}

/**
 * Reads bytes that somebody gives for a batch.
 * @throws {RecoveryError} `RECOVERY_DATA_MISMATCH`
 */
export function payloadOf(data: Uint8Array, { header, chunkRoots, id }: Posting, domain: bigint): Payload {
  const mismatch = (what: string, cause?: unknown) =>
    new RecoveryError("RECOVERY_DATA_MISMATCH", { batch: id, what }, { cause });
  if (BigInt(data.length) !== header.dataLength) throw mismatch("another length");
  const roots = chunksOf(data).map(chunkRoot);
  if (roots.some((root, i) => Buffer.compare(root, chunkRoots[i]!) !== 0))
    throw mismatch("another chunk root");
  const payload = decoded(data, mismatch);
  if (payload.domain !== domain) throw mismatch("another deployment");
  if (payload.source !== header.source || payload.landBy !== header.landBy) throw mismatch("another source");
  if (stateHash(payload.target) !== header.target) throw mismatch("another target");
  return payload;
}

function decoded(data: Uint8Array, mismatch: (what: string, cause: unknown) => RecoveryError): Payload {
  try {
    return decodePayload(data);
  } catch (cause) {
    if (cause instanceof ZekoError) throw mismatch(cause.code, cause);
    throw cause;
  }
}

function sameHeader(a: BatchHeader, b: BatchHeader): boolean {
  return (Object.keys(a) as (keyof BatchHeader)[]).every((name) => a[name] === b[name]);
}

function notOnChain(batch: string): RecoveryError {
  return new RecoveryError("RECOVERY_NOT_ON_CHAIN", { batch });
}

import type { DaOpening, Rollup } from "../../da/index.ts";
import {
  batchId,
  chunkCount,
  DATA_SCHEME,
  type Domain,
  dataRootOfChunks,
  MAX_DATA_BYTES,
  MAX_DECODED_BYTES,
  type PublicKey,
  verifyHeader,
} from "../../protocol/index.ts";
import type { BatchRecord } from "../BatchRecord.ts";
import { SignerError } from "../SignerError.ts";

export interface PosterFacts {
  readonly domain: Domain;
  /** `domainHash(domain)` */
  readonly domainHash: bigint;
  /** The sequencer's key, from the genesis file. */
  readonly sequencer: PublicKey;
  /** Who opened the batch, recovered from the transaction's own signature. */
  readonly opening: Pick<DaOpening, "poster">;
  /** Whether that account may post for the rollup. */
  readonly isPoster: boolean;
}

/**
 * First check, before any effort: the batch is what its id says, a registered poster opened it, and the sequencer's Mina
 * key signed its header. Nobody else can make a validator fetch or execute anything.
 *
 * @throws {SignerError} `SIGNER_BATCH_ID`, `SIGNER_HEADER_BOUNDS`, `SIGNER_POSTER`, `SIGNER_HEADER_SIGNATURE`
 */
export function checkPoster(batch: BatchRecord, facts: PosterFacts): void {
  const { chunkRoots } = batch;
  checkBatchId(batch, facts.domain);
  checkBounds(batch);
  if (!facts.isPoster || facts.opening.poster.toLowerCase() !== batch.poster.toLowerCase())
    throw new SignerError("SIGNER_POSTER", { poster: facts.opening.poster });
  const root = dataRootOfChunks(chunkRoots);
  if (!verifyHeader(facts.sequencer, batch.header, root, facts.domainHash, batch.signature))
    throw new SignerError("SIGNER_HEADER_SIGNATURE", {});
}

/**
 * The inbox makes ids itself: another header or other chunk roots under one are a lie of the node that told them.
 * @throws {SignerError} `SIGNER_BATCH_ID`
 */
export function checkBatchId(batch: Pick<BatchRecord, "id" | "header" | "chunkRoots">, domain: Domain): void {
  const id = `0x${Buffer.from(batchId(domain, batch.header, batch.chunkRoots)).toString("hex")}`;
  if (id !== batch.id) throw new SignerError("SIGNER_BATCH_ID", {});
}

function checkBounds({ header, chunkRoots }: BatchRecord): void {
  const refuse = (what: string) => new SignerError("SIGNER_HEADER_BOUNDS", { what });
  if (header.scheme !== DATA_SCHEME) throw refuse(`scheme ${header.scheme}`);
  if (header.dataLength < 1n || header.dataLength > BigInt(MAX_DATA_BYTES))
    throw refuse(`${header.dataLength} bytes`);
  if (header.decodedLength > BigInt(MAX_DECODED_BYTES)) throw refuse(`${header.decodedLength} decoded bytes`);
  if (chunkRoots.length !== chunkCount(Number(header.dataLength)))
    throw refuse(`${chunkRoots.length} chunks for ${header.dataLength} bytes`);
}

/** @throws {SignerError} `SIGNER_DEPLOYMENT` unless chain and genesis file speak of one rollup */
export function checkRollup(rollup: Rollup | undefined, domain: bigint): void {
  if (!rollup) throw new SignerError("SIGNER_DEPLOYMENT", { what: "rollup id" });
  if (rollup.domain !== domain) throw new SignerError("SIGNER_DEPLOYMENT", { what: "domain" });
}

import type { Stream } from "@libp2p/interface";
import { MAX_DATA_BYTES, MAX_VALIDATORS } from "../protocol/index.ts";
import { GossipError } from "./GossipError.ts";
import { readAll, writeAll } from "./readAll.ts";
import {
  ATTESTATION_BYTES,
  type BatchKey,
  batchKey,
  batchKeyBytes,
  decodeAttestation,
  encodeAttestation,
  type SignedAttestation,
} from "./SignedAttestation.ts";

/** Asks a peer for what it holds of one batch. One question and one answer a stream. */
export const BATCH_PROTOCOL = "/zeko/batch/1";

/** What a node gives to peers that ask. */
export interface BatchHoldings {
  /** Posted bytes, compared with the batch's commitment when they were stored. */
  data(batch: BatchKey): Promise<Uint8Array | undefined>;
  attestations(batch: BatchKey): Promise<readonly SignedAttestation[]>;
}

const kinds = { data: 1, attestations: 2 } as const;
type Kind = keyof typeof kinds;
/** kind ‖ batch id */
const QUESTION_BYTES = 1 + 32;
const HELD = 0;
const NOT_HELD = 1;
const limits: Readonly<Record<Kind, number>> = {
  data: MAX_DATA_BYTES,
  // One per slot and epoch; two epochs overlap.
  attestations: 2 * MAX_VALIDATORS * ATTESTATION_BYTES,
};

/** Answers one question. @throws when the peer breaks the protocol; the caller resets the stream */
export async function answerBatch(
  stream: Stream,
  holdings: BatchHoldings,
  signal: AbortSignal,
): Promise<void> {
  const question = await readAll(stream, QUESTION_BYTES);
  if (question?.length !== QUESTION_BYTES)
    throw new GossipError("GOSSIP_MALFORMED", { what: "question of another length" });
  const batch = batchKey(question.subarray(1));
  const answer = await answerTo(question[0]!, batch, holdings);
  await writeAll(
    stream,
    answer ? Buffer.concat([Uint8Array.of(HELD), answer]) : Uint8Array.of(NOT_HELD),
    signal,
  );
}

async function answerTo(
  kind: number,
  batch: BatchKey,
  holdings: BatchHoldings,
): Promise<Uint8Array | undefined> {
  if (kind === kinds.data) return await holdings.data(batch);
  if (kind !== kinds.attestations) throw new GossipError("GOSSIP_MALFORMED", { what: `question ${kind}` });
  const held = await holdings.attestations(batch);
  return held.length > 0 ? Buffer.concat(held.map(encodeAttestation)) : undefined;
}

/** @returns undefined when the peer has none. The bytes are whatever the peer says: compare them with the commitment. */
export function askForData(
  stream: Stream,
  batch: BatchKey,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  return ask(stream, "data", batch, signal);
}

/** @returns decoded, not verified. @throws {GossipError} `GOSSIP_MALFORMED` */
export async function askForAttestations(
  stream: Stream,
  batch: BatchKey,
  signal: AbortSignal,
): Promise<SignedAttestation[]> {
  const bytes = (await ask(stream, "attestations", batch, signal)) ?? new Uint8Array();
  if (bytes.length % ATTESTATION_BYTES !== 0)
    throw new GossipError("GOSSIP_MALFORMED", { what: "half an attestation" });
  return Array.from({ length: bytes.length / ATTESTATION_BYTES }, (_, i) =>
    decodeAttestation(bytes.subarray(i * ATTESTATION_BYTES, (i + 1) * ATTESTATION_BYTES)),
  );
}

async function ask(
  stream: Stream,
  kind: Kind,
  batch: BatchKey,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  await writeAll(stream, Buffer.concat([Uint8Array.of(kinds[kind]), batchKeyBytes(batch)]), signal);
  const answer = await readAll(stream, 1 + limits[kind]);
  if (!answer) throw new GossipError("GOSSIP_MALFORMED", { what: "an answer above its limit" });
  if (answer[0] === NOT_HELD && answer.length === 1) return undefined;
  if (answer[0] !== HELD) throw new GossipError("GOSSIP_MALFORMED", { what: "an answer of no known form" });
  return answer.subarray(1);
}

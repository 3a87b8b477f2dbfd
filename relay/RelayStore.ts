import type { BatchId } from "../da/index.ts";
import {
  decodeRecord,
  encodeRecord,
  type RecordStore,
  type RecordWrite,
  type SignedAttestation,
} from "../gossip/index.ts";
import type { CertificateJson } from "../protocol/index.ts";
import type { RelayRecord } from "./RelayRecord.ts";

/** Raised with each change of the records below. */
export const RELAY_SCHEMA = 1;

const EMPTY = new Uint8Array();
const number = (value: bigint) => value.toString(16).padStart(16, "0");
const keys = {
  cursor: "cursor",
  batch: (id: BatchId) => `batch/${id}`,
  /** Batches not proved yet. */
  open: (id: BatchId) => `open/${id}`,
  listed: (n: bigint, id: BatchId) => `listed/${number(n)}/${id}`,
  attestation: (a: SignedAttestation) =>
    `attestation/${a.batch}/${number(a.epoch)}/${a.slot.toString().padStart(2, "0")}`,
  certificate: (id: BatchId) => `certificate/${id}`,
  proof: (id: BatchId) => `proof/${id}`,
};
const idOf = (key: string) => key.slice(key.lastIndexOf("/") + 1) as BatchId;

/** What comes with a step and is written in one with it. */
export interface RelayResult {
  readonly certificate?: CertificateJson;
  readonly proof?: unknown;
}

/** Everything that a relay must not forget. Each method's writes are one, and on disk when it resolves. */
export class RelayStore {
  readonly #records: RecordStore;

  constructor(records: RecordStore) {
    this.#records = records;
  }

  /** First DA block not yet dealt with. */
  async cursor(): Promise<number> {
    const bytes = await this.#records.get(keys.cursor);
    return bytes ? decodeRecord<number>(bytes) : 0;
  }

  async moveCursor(next: number): Promise<void> {
    await this.#records.write([[keys.cursor, encodeRecord(next)]]);
  }

  async batch(id: BatchId): Promise<RelayRecord | undefined> {
    const bytes = await this.#records.get(keys.batch(id));
    return bytes && decodeRecord<RelayRecord>(bytes);
  }

  async save(record: RelayRecord, { certificate, proof }: RelayResult = {}): Promise<void> {
    const { id, header, step } = record;
    const writes: RecordWrite[] = [
      [keys.batch(id), encodeRecord(record)],
      [keys.listed(header.number, id), EMPTY],
      [keys.open(id), step === "proved" ? undefined : EMPTY],
    ];
    if (certificate) writes.push([keys.certificate(id), encodeRecord(certificate)]);
    if (proof !== undefined) writes.push([keys.proof(id), encodeRecord(proof)]);
    await this.#records.write(writes);
  }

  /** A batch that begins again for another set. Its certificate stays until there is the next one; its proof goes. */
  async renew(record: RelayRecord): Promise<void> {
    await this.#records.write([
      [keys.batch(record.id), encodeRecord(record)],
      [keys.open(record.id), EMPTY],
      [keys.proof(record.id), undefined],
    ]);
  }

  async open(): Promise<RelayRecord[]> {
    const found: RelayRecord[] = [];
    for await (const [key] of this.#records.range("open/")) {
      const record = await this.batch(idOf(key));
      if (record) found.push(record);
    }
    return found;
  }

  /** A verified attestation. */
  async keep(attestation: SignedAttestation): Promise<void> {
    await this.#records.write([[keys.attestation(attestation), encodeRecord(attestation)]]);
  }

  async kept(id: BatchId): Promise<SignedAttestation[]> {
    const found: SignedAttestation[] = [];
    for await (const [, bytes] of this.#records.range(`attestation/${id}/`)) found.push(decodeRecord(bytes));
    return found;
  }

  async certificate(id: BatchId): Promise<CertificateJson | undefined> {
    const bytes = await this.#records.get(keys.certificate(id));
    return bytes && decodeRecord<CertificateJson>(bytes);
  }

  async proof(id: BatchId): Promise<unknown> {
    const bytes = await this.#records.get(keys.proof(id));
    return bytes && decodeRecord<unknown>(bytes);
  }

  /** Batches with a number above `after`, by rising number; rivals for one number come in one page. */
  async list(after: bigint, limit: number): Promise<RelayRecord[]> {
    const found: RelayRecord[] = [];
    for await (const [key] of this.#records.range("listed/", { after: `listed/${number(after)}/\uffff` })) {
      const record = await this.batch(idOf(key));
      if (!record) continue;
      if (found.length >= limit && record.header.number !== found.at(-1)!.header.number) break;
      found.push(record);
    }
    return found;
  }
}

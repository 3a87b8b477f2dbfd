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
export const RELAY_SCHEMA = 2;

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
  /** Of each epoch its own: what one set has certified, or a proof of it, may be needed after the next one came. */
  certificate: (id: BatchId, epoch: bigint) => `certificate/${id}/${number(epoch)}`,
  proof: (id: BatchId, epoch: bigint) => `proof/${id}/${number(epoch)}`,
};
const MAX_NUMBER = 2n ** 64n - 1n;
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
    const { id, header, epoch, step } = record;
    const writes: RecordWrite[] = [
      [keys.batch(id), encodeRecord(record)],
      [keys.listed(header.number, id), EMPTY],
      [keys.open(id), step === "proved" ? undefined : EMPTY],
    ];
    if (certificate) writes.push([keys.certificate(id, epoch), encodeRecord(certificate)]);
    if (proof !== undefined) writes.push([keys.proof(id, epoch), encodeRecord(proof)]);
    await this.#records.write(writes);
  }

  /** A batch that begins again for another set. What there is of the one before stays: L1 may still take it. */
  async renew(record: RelayRecord): Promise<void> {
    await this.#records.write([
      [keys.batch(record.id), encodeRecord(record)],
      [keys.open(record.id), EMPTY],
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

  /** Of this epoch, or else of the newest that has one. */
  async certificate(id: BatchId, epoch?: bigint): Promise<CertificateJson | undefined> {
    const bytes =
      epoch === undefined
        ? await this.#last(`certificate/${id}/`)
        : await this.#records.get(keys.certificate(id, epoch));
    return bytes && decodeRecord<CertificateJson>(bytes);
  }

  /** As {@link certificate}. */
  async proof(id: BatchId, epoch?: bigint): Promise<unknown> {
    const bytes =
      epoch === undefined ? await this.#last(`proof/${id}/`) : await this.#records.get(keys.proof(id, epoch));
    return bytes && decodeRecord<unknown>(bytes);
  }

  /** Highest number of a batch; 0 when there is none. */
  async newest(): Promise<bigint> {
    let [low, high] = [0n, MAX_NUMBER];
    while (low < high) {
      const middle = (low + high + 1n) / 2n;
      const [above] = await this.list(middle - 1n, 1);
      if (above) low = above.header.number;
      else high = middle - 1n;
    }
    return low;
  }

  async #last(prefix: string): Promise<Uint8Array | undefined> {
    let last: Uint8Array | undefined;
    for await (const [, bytes] of this.#records.range(prefix)) last = bytes;
    return last;
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

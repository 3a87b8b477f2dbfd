import type { BatchId } from "../da/index.ts";
import { decodeRecord, encodeRecord, type RecordStore, type RecordWrite } from "../gossip/index.ts";
import { type BatchRecord, isRefusedUnseen, isSettled, type OwnAttestation } from "./BatchRecord.ts";
import type { OuterSighting, OuterSightings } from "./L1Finality.ts";

/** Raised with each change of the records below. */
export const SIGNER_SCHEMA = 1;

const EMPTY = new Uint8Array();
const number = (value: bigint) => value.toString(16).padStart(16, "0");
const state = (value: bigint) => value.toString(16).padStart(64, "0");
const keys = {
  cursor: "cursor",
  /** What L1's outer account held at each tip that we saw. */
  outerSightings: "outer-sightings",
  batch: (id: BatchId) => `batch/${id}`,
  data: (id: BatchId) => `data/${id}`,
  /** Batches with something left to do. */
  open: (id: BatchId) => `open/${id}`,
  /** Batches whose source state is not held, by that state. */
  waiting: (source: bigint, id: BatchId) => `waiting/${state(source)}/${id}`,
  /** Batches that we hold and have checked, by number. */
  held: (n: bigint, id: BatchId) => `held/${number(n)}/${id}`,
  certified: (id: BatchId, epoch: bigint) => `certified/${id}/${number(epoch)}`,
  attestation: (id: BatchId, epoch: bigint) => `attestation/${id}/${number(epoch)}`,
};
const idOf = (key: string) => key.slice(key.lastIndexOf("/") + 1) as BatchId;

/** Everything that a signer must not forget, but for the replica. Each method's writes are one, and on disk when it resolves. */
export class SignerStore {
  readonly #records: RecordStore;

  constructor(records: RecordStore) {
    this.#records = records;
  }

  /** First DA block not yet dealt with. */
  async cursor(): Promise<number> {
    const bytes = await this.#records.get(keys.cursor);
    return bytes ? decodeRecord<number>(bytes) : 0;
  }

  /** What {@link L1Finality} has seen. */
  get outerSightings(): OuterSightings {
    return {
      read: async () => {
        const bytes = await this.#records.get(keys.outerSightings);
        return bytes ? decodeRecord<readonly OuterSighting[]>(bytes) : [];
      },
      write: (sightings) => this.#records.write([[keys.outerSightings, encodeRecord(sightings)]]),
    };
  }

  /** New batches together with the cursor behind the blocks that they came from. Known ones are left alone. */
  async notice(batches: readonly BatchRecord[], next: number): Promise<BatchRecord[]> {
    const fresh: BatchRecord[] = [];
    for (const batch of batches) if (!(await this.batch(batch.id))) fresh.push(batch);
    await this.#records.write([
      ...fresh.flatMap((batch) => this.#writesOf(batch)),
      [keys.cursor, encodeRecord(next)],
    ]);
    return fresh;
  }

  /** A batch that was not come by on the way along the chain. @returns whether there is something to do for it now */
  async noticeAside(batch: BatchRecord): Promise<boolean> {
    const known = await this.batch(batch.id);
    if (known && !isRefusedUnseen(known)) return false;
    await this.#records.write(this.#writesOf(batch));
    return true;
  }

  async batch(id: BatchId): Promise<BatchRecord | undefined> {
    const bytes = await this.#records.get(keys.batch(id));
    return bytes && decodeRecord<BatchRecord>(bytes);
  }

  /** The record as it is now; with `data` its bytes too. */
  async save(record: BatchRecord, data?: Uint8Array): Promise<void> {
    const writes = this.#writesOf(record);
    if (data) writes.push([keys.data(record.id), data]);
    await this.#records.write(writes);
  }

  /** The bytes of a batch whose record stays as it is. */
  async replaceData(id: BatchId, data: Uint8Array): Promise<void> {
    await this.#records.write([[keys.data(id), data]]);
  }

  /** Notes that the inbox has a certificate of this epoch. Apart from the record, which a step may be writing. */
  async certify(id: BatchId, epoch: bigint): Promise<void> {
    await this.#records.write([[keys.certified(id, epoch), EMPTY]]);
  }

  /** Epochs whose certificate the inbox has recorded. */
  async certified(id: BatchId): Promise<bigint[]> {
    const epochs: bigint[] = [];
    for await (const [key] of this.#records.range(`certified/${id}/`))
      epochs.push(BigInt(`0x${key.slice(key.lastIndexOf("/") + 1)}`));
    return epochs;
  }

  /** Source by target of every batch whose certificate the inbox has recorded: a quorum has executed it. */
  async certifiedSources(): Promise<Map<bigint, bigint>> {
    const sources = new Map<bigint, bigint>();
    for await (const [key] of this.#records.range("certified/")) {
      const record = await this.batch(idOf(key.slice(0, key.lastIndexOf("/"))));
      if (record) sources.set(record.header.target, record.header.source);
    }
    return sources;
  }

  /** Our signature, and the record that says so. */
  async saveSigned(record: BatchRecord, own: OwnAttestation): Promise<void> {
    await this.#records.write([
      ...this.#writesOf(record),
      [keys.attestation(record.id, own.epoch), encodeRecord(own)],
    ]);
  }

  data(id: BatchId): Promise<Uint8Array | undefined> {
    return this.#records.get(keys.data(id));
  }

  async attestation(id: BatchId, epoch: bigint): Promise<OwnAttestation | undefined> {
    const bytes = await this.#records.get(keys.attestation(id, epoch));
    return bytes && decodeRecord<OwnAttestation>(bytes);
  }

  /** Our signatures over a batch, by epoch. */
  async attestations(id: BatchId): Promise<OwnAttestation[]> {
    const found: OwnAttestation[] = [];
    for await (const [, bytes] of this.#records.range(`attestation/${id}/`)) found.push(decodeRecord(bytes));
    return found;
  }

  /** Batches with something left to do, in no order. */
  async open(): Promise<BatchRecord[]> {
    const found: BatchRecord[] = [];
    for await (const [key] of this.#records.range("open/")) {
      const record = await this.batch(idOf(key));
      if (record) found.push(record);
    }
    return found;
  }

  /** Puts a batch aside until its source state is held. */
  async wait(record: BatchRecord): Promise<void> {
    await this.#records.write([
      [keys.open(record.id), undefined],
      [keys.waiting(record.header.source, record.id), EMPTY],
    ]);
  }

  /** Whether any batch was put aside. */
  async hasWaiting(): Promise<boolean> {
    for await (const _ of this.#records.range("waiting/", { limit: 1 })) return true;
    return false;
  }

  /** Takes back batches that waited for a state. */
  wake(source: bigint): Promise<BatchRecord[]> {
    return this.#wake(`waiting/${state(source)}/`, () => true);
  }

  /** Takes back every batch that waits for a state which is held. */
  wakeHeld(isHeld: (source: bigint) => boolean): Promise<BatchRecord[]> {
    return this.#wake("waiting/", ({ header }) => isHeld(header.source));
  }

  async #wake(prefix: string, isDue: (record: BatchRecord) => boolean): Promise<BatchRecord[]> {
    const woken: BatchRecord[] = [];
    const writes: RecordWrite[] = [];
    for await (const [key] of this.#records.range(prefix)) {
      const record = await this.batch(idOf(key));
      if (record && !isDue(record)) continue;
      if (record) woken.push(record);
      writes.push([key, undefined], [keys.open(idOf(key)), EMPTY]);
    }
    if (writes.length > 0) await this.#records.write(writes);
    return woken;
  }

  /**
   * Batches that we hold and have checked, with a number above `after`, by rising number. Rivals for one number come in one
   * page, so a page may be somewhat longer than `limit`.
   */
  async held(after: bigint, limit: number): Promise<BatchRecord[]> {
    const found: BatchRecord[] = [];
    for await (const [key] of this.#records.range("held/", { after: `held/${number(after)}/\uffff` })) {
      const record = await this.batch(idOf(key));
      if (!record) continue;
      if (found.length >= limit && record.header.number !== found.at(-1)!.header.number) break;
      found.push(record);
    }
    return found;
  }

  close(): Promise<void> {
    return this.#records.close();
  }

  #writesOf(record: BatchRecord): RecordWrite[] {
    const { id, header, step, refusal } = record;
    const writes: RecordWrite[] = [
      [keys.batch(id), encodeRecord(record)],
      [keys.open(id), isSettled(record) ? undefined : EMPTY],
    ];
    const isHeld = !refusal && (step === "kept" || step === "signed" || step === "published");
    if (isHeld) writes.push([keys.held(header.number, id), EMPTY]);
    return writes;
  }
}

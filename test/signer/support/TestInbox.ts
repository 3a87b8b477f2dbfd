import {
  type DaBatch,
  type DaCertificate,
  type DaClient,
  DaError,
  type DaEvent,
  type DaEventPage,
  type DaReader,
  type DaValidatorSet,
  type Hex,
  type RecordedCertificate,
  type WatchOptions,
} from "../../../da/index.ts";
import {
  domainHash,
  domainOf,
  type Genesis,
  statementHash,
  type ValidatorSet,
  validatorSetHash,
  verifyCertificate,
} from "../../../protocol/index.ts";
import type { TestBatch } from "./testRollup.ts";

const POSTER: Hex = `0x${"ab".repeat(20)}`;
const hex = (value: bigint, bytes: number): Hex => `0x${value.toString(16).padStart(2 * bytes, "0")}`;

const shown = (set: ValidatorSet): DaValidatorSet => ({
  ...set,
  hash: validatorSetHash(set),
  inForce: true,
  graceEnd: 0n,
  until: 0n,
  kind: "normal",
});

/** The inbox as one node of the DA chain shows it; its twin over a real chain is tested in devnet.test.ts. A test may make it lie. */
export class TestInbox {
  readonly #genesis: Genesis;
  readonly #blocks: DaEvent[][] = [];
  readonly batches = new Map<string, DaBatch>();
  readonly bytes = new Map<string, Uint8Array>();
  readonly certificates = new Map<string, RecordedCertificate>();
  #wake: (() => void)[] = [];
  /** Accounts that may post. */
  posters = new Set<Hex>([POSTER]);
  /** Account that the opening transaction's signature gives. */
  opener: Hex = POSTER;
  /** The set in force and those before it, by epoch. */
  sets: DaValidatorSet[];
  /** Times that anybody asked for bytes. */
  dataReads = 0;
  /** Times that anybody wanted to record a certificate. */
  recordings = 0;

  constructor(genesis: Genesis) {
    this.#genesis = genesis;
    this.sets = [shown(genesis.validators)];
  }

  /** The next set comes into force. */
  rotate(next: ValidatorSet): void {
    this.sets.push(shown(next));
    this.#push([]);
  }

  /** The grace of all sets but the last is over. */
  endGrace(): void {
    this.sets = this.sets.map((set, i) => ({ ...set, inForce: i + 1 === this.sets.length }));
  }

  /** Opens, fills and seals a batch in one block. */
  post(...batches: readonly TestBatch[]): void {
    const block = this.#blocks.length;
    const domain = domainHash(domainOf(this.#genesis));
    const events: DaEvent[] = batches.map((batch, logIndex) => {
      const { id, header, chunkRoots, dataRoot, signature } = batch;
      const statement = statementHash({
        source: header.source,
        target: header.target,
        landBy: header.landBy,
        domain,
      });
      this.batches.set(id, {
        id,
        rollup: this.rollupId,
        header,
        chunkRoots,
        statement,
        dataRoot,
        poster: POSTER,
        signature,
        posted: chunkRoots.map(() => true),
        sealed: true,
      });
      this.bytes.set(id, batch.data);
      return {
        kind: "BatchSealed",
        rollup: this.rollupId,
        batch: id,
        block,
        logIndex,
        transaction: hex(0n, 32),
      };
    });
    this.#push(events);
  }

  record(certificate: RecordedCertificate): void {
    this.certificates.set(`${certificate.batch}/${certificate.epoch}`, certificate);
    const { batch, epoch } = certificate;
    const block = this.#blocks.length;
    this.#push([
      {
        kind: "CertificateRecorded",
        rollup: this.rollupId,
        batch,
        epoch,
        block,
        logIndex: 0,
        transaction: hex(0n, 32),
      },
    ]);
  }

  /** A reader that can also record certificates, which it verifies as the contract does. */
  client(): DaClient {
    const unused = () => Promise.reject(new Error("relays do not post"));
    return {
      ...this.reader(),
      account: POSTER,
      registerRollup: unused,
      setPoster: unused,
      openBatch: unused,
      postChunks: unused,
      fees: unused,
      dropBatch: unused,
      rotateValidators: unused,
      recordCertificate: async (certificate) => this.#recordCertificate(certificate),
      close() {},
    };
  }

  #recordCertificate(certificate: DaCertificate): void {
    const { batch: id, epoch, attestations } = certificate;
    this.recordings++;
    if (this.certificates.has(`${id}/${epoch}`)) return;
    const { header, dataRoot } = this.batches.get(id)!;
    const validators = this.sets.find((set) => set.epoch === epoch && set.inForce);
    if (!validators) throw new DaError("DA_REVERTED", { error: "ValidatorSetEpochOver", args: [] });
    const weight = verifyCertificate(
      {
        version: 1,
        batchId: Buffer.from(id.slice(2), "hex"),
        header,
        dataRoot,
        domain: domainHash(domainOf(this.#genesis)),
        epoch,
        setHash: validatorSetHash(validators),
        attestations,
      },
      validators,
    );
    this.record({ ...certificate, weight, block: this.#blocks.length });
  }

  get rollupId(): Hex {
    return hex(domainOf(this.#genesis).rollupId, 32);
  }

  reader(): DaReader {
    const { da, outerKey, sequencer: sequencerKey } = this.#genesis;
    const domain = domainOf(this.#genesis);
    return {
      addresses: { chainId: da.chainId, inbox: hex(da.inbox, 20), validatorSet: hex(da.validatorSet, 20) },
      head: async () => ({ number: this.#blocks.length - 1, timestamp: 0 }),
      rollup: async (id) =>
        id === this.rollupId
          ? {
              id,
              owner: hex(da.owner, 20),
              minaNetwork: domain.minaNetwork,
              outerKey,
              sequencerKey,
              domain: domainHash(domain),
            }
          : undefined,
      isPoster: async (_id, account) => this.posters.has(account),
      batch: async (id) => this.batches.get(id),
      opening: async () => ({ poster: this.opener, transaction: hex(0n, 32), block: 0 }),
      chunk: async () => Promise.reject(new Error("signers read whole batches")),
      data: async (id) => {
        this.dataReads++;
        return this.bytes.get(id) ?? Promise.reject(new Error("pruned"));
      },
      currentEpoch: async () => this.sets.at(-1)!.epoch,
      validatorSet: async (epoch) => this.sets.find((set) => set.epoch === epoch)!,
      certificateOf: async (id, epoch) => this.certificates.get(`${id}/${epoch}`),
      events: async (from) => this.#page(from),
      watch: (options) => this.#watch(options),
    };
  }

  #push(events: DaEvent[]): void {
    this.#blocks.push(events);
    for (const wake of this.#wake.splice(0)) wake();
  }

  #page(from: number): DaEventPage {
    return { from, next: this.#blocks.length, events: this.#blocks.slice(from).flat() };
  }

  async *#watch({ from, signal }: WatchOptions): AsyncGenerator<DaEventPage> {
    let next = from;
    signal.addEventListener("abort", () => this.#push([]), { once: true }); // wakes whoever waits
    while (!signal.aborted) {
      if (next < this.#blocks.length || next === 0) {
        const page = this.#page(next);
        next = page.next;
        yield page;
      }
      if (next >= this.#blocks.length && !signal.aborted)
        await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }
}

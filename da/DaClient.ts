import type { Attestation, Rotation } from "../protocol/index.ts";
import type { DaFees } from "./DaFees.ts";
import type {
  BatchId,
  DaAddresses,
  DaBatch,
  DaBlock,
  DaCertificate,
  DaEventPage,
  DaOpening,
  DaValidatorSet,
  Hex,
  OpenBatch,
  RecordedCertificate,
  Rollup,
  RollupId,
  RollupRegistration,
} from "./DaTypes.ts";

export interface WatchOptions {
  /** First block to look at: 0, or the `next` that was kept. */
  readonly from: number;
  /** Only this rollup's events; all when left out. */
  readonly rollup?: RollupId;
  /** Ends the iteration, also while it waits. */
  readonly signal: AbortSignal;
  /** Pause between two looks at an unchanged head, in milliseconds. Default 500. */
  readonly pollIntervalMs?: number;
}

/** Reads from one node of the DA chain. Every method may fail with a `DaError`; `remedy` says whether to ask again. */
export interface DaReader {
  readonly addresses: DaAddresses;
  head(): Promise<DaBlock>;
  /** @returns undefined when no such rollup is registered */
  rollup(id: RollupId): Promise<Rollup | undefined>;
  isPoster(id: RollupId, account: Hex): Promise<boolean>;
  /** @returns undefined when no such batch is open: never opened, or dropped */
  batch(id: BatchId): Promise<DaBatch | undefined>;
  /** Recovers the poster from the opening transaction's signature. @throws {DaError} `DA_OPENING_NOT_FOUND` */
  opening(id: BatchId): Promise<DaOpening>;
  /**
   * One chunk, read back from the calldata of the transaction that posted it and compared with the chunk root.
   * @throws {DaError} `DA_CHUNK_NOT_FOUND`, `DA_CHUNK_CORRUPT`
   */
  chunk(id: BatchId, index: number): Promise<Uint8Array>;
  /** All chunks of a sealed batch as one payload. @throws {DaError} as {@link chunk}, `DA_BATCH_UNKNOWN` */
  data(id: BatchId): Promise<Uint8Array>;
  currentEpoch(): Promise<bigint>;
  /** @throws {DaError} `DA_EPOCH_UNKNOWN` */
  validatorSet(epoch: bigint): Promise<DaValidatorSet>;
  /** @returns undefined when none is recorded for this batch and epoch */
  certificateOf(id: BatchId, epoch: bigint): Promise<RecordedCertificate | undefined>;
  /**
   * Events of whole blocks, oldest first, at most one page (see `logPageBlocks`).
   * @returns an empty page with `next === from` when the head is below `from`
   * @throws {DaError} `DA_CURSOR_AHEAD` when `from` is more than one block above the head: another chain
   */
  events(from: number, rollup?: RollupId): Promise<DaEventPage>;
  /** {@link events} without end; transient faults are retried inside. Pages without events come too, so that the cursor moves. */
  watch(options: WatchOptions): AsyncIterable<DaEventPage>;
}

/** Writes to the DA chain with one account. Calls may overlap: nonces are handed out in order. Every method waits for the receipt. */
export interface DaWriter {
  readonly account: Hex;
  /** Does nothing when this rollup is registered already with the same content. */
  registerRollup(registration: RollupRegistration): Promise<RollupId>;
  /** The owner adds or removes an account that may open batches. */
  setPoster(id: RollupId, poster: Hex, allowed: boolean): Promise<void>;
  /** Does nothing when this batch is open already. */
  openBatch(request: OpenBatch): Promise<BatchId>;
  /**
   * Posts what is still missing; the last missing chunk seals the batch. Each chunk is checked against its root first.
   * @throws {DaError} `DA_CHUNK_MISMATCH`, `DA_CHUNK_COUNT`, `DA_BATCH_UNKNOWN`
   */
  postChunks(id: BatchId, chunks: readonly Uint8Array[]): Promise<void>;
  /** Gives up a batch that is not sealed: its poster or owner at any time, anybody once it has expired. */
  dropBatch(id: BatchId): Promise<void>;
  /** Does nothing when the epoch's certificate is recorded already. */
  recordCertificate(certificate: DaCertificate): Promise<void>;
  /**
   * Puts the next set into force, as Mina has done before. Does nothing when it is in force already.
   * @param confirmations of the next set's members, by strictly rising slot: that Mina holds it for good
   * @throws {DaError} `DA_ROTATION_DIFFERS` when another set has that epoch
   */
  rotateValidators(rotation: Rotation, confirmations: readonly Attestation[]): Promise<void>;
}

/** One client for the DA chain. Whatever differs between chains is hidden behind it. */
export interface DaClient extends DaReader, DaWriter {
  /** The contract where posting is paid for, which the inbox names. */
  fees(): Promise<DaFees>;
  /** Ends the connection. May be called twice. */
  close(): void;
}

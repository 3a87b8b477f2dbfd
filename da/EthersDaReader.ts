import type { Result } from "ethers";
import {
  type BatchHeader,
  batchId,
  chunkRoot,
  fromBytes32,
  joinChunks,
  toBytes32,
} from "../protocol/index.ts";
import { type Clock, retry } from "../service/index.ts";
import { ContractCaller } from "./ContractCaller.ts";
import { inboxInterface, validatorSetInterface } from "./contracts.ts";
import type { DaReader, WatchOptions } from "./DaClient.ts";
import type {
  BatchId,
  DaAddresses,
  DaBatch,
  DaBlock,
  DaEventPage,
  DaOpening,
  DaValidatorSet,
  Hex,
  RecordedCertificate,
  Rollup,
  RollupId,
} from "./DaTypes.ts";
import { daEvent, eventTopics } from "./daEvent.ts";
import { DaError } from "./errors/DaError.ts";
import { readChunkCall } from "./readChunkCall.ts";
import type { JsonRpc } from "./rpc/JsonRpc.ts";
import { type DecodedLog, queryLogs } from "./rpc/LogQuery.ts";
import { hex, quantity, record } from "./rpc/readAnswer.ts";
import { readTransaction } from "./rpc/readTransaction.ts";

export interface EthersDaReaderOptions {
  readonly addresses: DaAddresses;
  /** Blocks asked for at once; nodes refuse more than 10 000. Default 2 000. */
  readonly logPageBlocks?: number;
}

export interface EthersDaReaderModules {
  readonly rpc: JsonRpc;
  readonly clock: Clock;
}

/** How far a node may lag behind another one before its chain is taken for a different one. */
const STALE_HEAD_BLOCKS = 64;
/** Ten seconds in all. */
const WHILE_INDEX_LAGS = { attempts: 12, baseMs: 100, maxMs: 1_000 } as const;
/** Chunks fetched at once. */
const PARALLEL_CHUNKS = 4;

/** What the inbox keeps of a batch, with its opening event. */
interface KnownBatch {
  readonly fields: Result;
  readonly opened: DecodedLog;
}

/** Reads the DA chain through the JSON-RPC of one node. */
export class EthersDaReader implements DaReader {
  readonly addresses: DaAddresses;
  protected readonly rpc: JsonRpc;
  protected readonly clock: Clock;
  readonly #inbox: ContractCaller;
  readonly #set: ContractCaller;
  protected readonly logPageBlocks: number;

  constructor(
    { addresses, logPageBlocks = 2_000 }: EthersDaReaderOptions,
    { rpc, clock }: EthersDaReaderModules,
  ) {
    this.addresses = addresses;
    this.rpc = rpc;
    this.clock = clock;
    this.#inbox = new ContractCaller(rpc, inboxInterface, addresses.inbox);
    this.#set = new ContractCaller(rpc, validatorSetInterface, addresses.validatorSet);
    this.logPageBlocks = logPageBlocks;
  }

  /**
   * Makes sure that the node serves the chain and the contracts that the addresses name.
   * @throws {DaError} `DA_WRONG_CHAIN`, `DA_WRONG_CONTRACTS`, and those of `JsonRpc`
   */
  async check(): Promise<void> {
    const { chainId, inbox, validatorSet } = this.addresses;
    const actual = quantity(await this.rpc.ask("eth_chainId"), "chain id");
    if (actual !== chainId) throw new DaError("DA_WRONG_CHAIN", { expected: chainId, actual });
    for (const address of [inbox, validatorSet]) {
      if ((await this.rpc.ask("eth_getCode", [address, "latest"])) === "0x")
        throw new DaError("DA_WRONG_CONTRACTS", { address, reason: "holds no contract" });
    }
    const [set] = await this.#inbox.call("validatorSet", []);
    if (BigInt(set) !== BigInt(validatorSet))
      throw new DaError("DA_WRONG_CONTRACTS", { address: inbox, reason: "works with another validator set" });
  }

  protected async feesAddress(): Promise<Hex> {
    const [fees] = await this.#inbox.call("fees", []);
    return fees;
  }

  /** Through which contract chunks are posted now. Who reads need not know: what it reads, it compares with the chunk's root. */
  protected async gateAddress(): Promise<Hex> {
    const [gate] = await this.#inbox.call("chunkGate", []);
    return gate;
  }

  /** What the inbox would say to its gate about a chunk. @throws {DaError} `DA_REVERTED` with its reason to refuse it */
  protected async tryChunk(gate: Hex, id: BatchId, index: number, chunk: Uint8Array): Promise<void> {
    await this.#inbox.call("acceptChunk", [id, index, chunk.length, chunkRoot(chunk)], gate);
  }

  async head(): Promise<DaBlock> {
    const answer = await this.#settled(() => this.rpc.ask("eth_getBlockByNumber", ["latest", false]));
    const block = record(answer, "block");
    return {
      number: Number(quantity(block.number, "block")),
      timestamp: Number(quantity(block.timestamp, "block")),
    };
  }

  async rollup(id: RollupId): Promise<Rollup | undefined> {
    const found = await this.#inbox.find("rollupOf", [id], "BatchInboxRollupUnknown");
    if (!found) return undefined;
    const [{ owner, minaNetwork, outerKey, sequencerKey, domain }] = found;
    const key = ({ x, isOdd }: Result) => ({ x: x as bigint, isOdd: isOdd as boolean });
    return { id, owner, minaNetwork, outerKey: key(outerKey), sequencerKey: key(sequencerKey), domain };
  }

  async isPoster(id: RollupId, account: Hex): Promise<boolean> {
    const [answer] = await this.#inbox.call("isPoster", [id, account]);
    return answer;
  }

  async batch(id: BatchId): Promise<DaBatch | undefined> {
    const known = await this.#known(id);
    if (!known) return undefined;
    const { fields, opened } = known;
    const { header, r, s } = opened.event.args;
    const [roots] = await this.#inbox.call("chunkRootsOf", [id]);
    return {
      id,
      rollup: fields.rollup,
      header: readHeader(header),
      chunkRoots: [...(roots as Result)].map((root) => toBytes32(BigInt(root))),
      statement: fields.statement,
      dataRoot: fields.dataRoot,
      poster: fields.poster,
      signature: { r, s },
      posted: Array.from(
        { length: Number(fields.chunkCount) },
        (_, i) => ((fields.posted >> BigInt(i)) & 1n) === 1n,
      ),
      sealed: fields.sealedBlock !== 0n,
    };
  }

  async opening(id: BatchId): Promise<DaOpening> {
    const known = await this.#known(id);
    if (!known) throw new DaError("DA_BATCH_UNKNOWN", { batch: id });
    const { transaction, block } = known.opened;
    const refuse = (reason: string) => new DaError("DA_OPENING_NOT_FOUND", { batch: id, reason });
    const sent = await readTransaction(this.rpc, transaction);
    if (!sent) throw refuse("the node does not serve it as a transaction of a known type");
    if (BigInt(sent.to ?? 0) !== BigInt(this.addresses.inbox))
      throw refuse("it was sent to another contract");
    const call = inboxInterface.parseTransaction({ data: sent.data });
    if (call?.name !== "openBatch") throw refuse("it calls another function");
    const { rollup, header, chunkRoots } = call.args;
    const place = { daChainId: sent.chainId, inbox: BigInt(this.addresses.inbox), rollupId: BigInt(rollup) };
    const roots = [...(chunkRoots as Result)].map((root) => toBytes32(BigInt(root)));
    if (fromBytes32(batchId(place, readHeader(header), roots)) !== BigInt(id))
      throw refuse("it opens another batch");
    return { poster: sent.from, transaction, block };
  }

  async chunk(id: BatchId, index: number): Promise<Uint8Array> {
    const [batch, logs] = await Promise.all([this.batch(id), this.#chunkLogs(id)]);
    if (!batch) throw new DaError("DA_BATCH_UNKNOWN", { batch: id });
    return await this.#chunk(batch, index, logs);
  }

  async data(id: BatchId): Promise<Uint8Array> {
    const [batch, logs] = await Promise.all([this.batch(id), this.#chunkLogs(id)]);
    if (!batch) throw new DaError("DA_BATCH_UNKNOWN", { batch: id });
    if (!batch.sealed) throw new DaError("DA_BATCH_NOT_SEALED", { batch: id });
    const chunks: Uint8Array[] = [];
    for (let from = 0; from < batch.chunkRoots.length; from += PARALLEL_CHUNKS) {
      const indices = batch.chunkRoots.map((_, index) => index).slice(from, from + PARALLEL_CHUNKS);
      chunks.push(...(await Promise.all(indices.map((index) => this.#chunk(batch, index, logs)))));
    }
    return joinChunks(chunks, Number(batch.header.dataLength));
  }

  async currentEpoch(): Promise<bigint> {
    const [epoch] = await this.#set.call("currentEpoch", []);
    return epoch;
  }

  async validatorSet(epoch: bigint): Promise<DaValidatorSet> {
    const found = await this.#set.find("epochInfo", [epoch], "ValidatorSetEpochUnknown");
    if (!found) throw new DaError("DA_EPOCH_UNKNOWN", { epoch });
    const [[members], [inForce]] = await Promise.all([
      this.#set.call("validators", [epoch]),
      this.#set.call("isInForce", [epoch]),
    ]);
    return {
      epoch,
      threshold: found[0].threshold,
      members: [...(members as Result)].map(({ x, y, weight }) => ({
        publicKey: { x, isOdd: (y & 1n) === 1n },
        weight,
      })),
      hash: found[0].setHash,
      inForce,
      graceEnd: found[0].graceEnd,
      until: found[0].until,
      kind: found[0].removal ? "removal" : "normal",
    };
  }

  async certificateOf(id: BatchId, epoch: bigint): Promise<RecordedCertificate | undefined> {
    const [{ signers, weight, recordedBlock }] = await this.#inbox.call("certificateOf", [id, epoch]);
    if (signers === 0n) return undefined;
    const block = Number(recordedBlock);
    const topics = [eventTopics.CertificateRecorded, id, null, epochTopic(epoch)];
    const [log] = await this.#logs(block, block, topics);
    if (!log) throw new DaError("DA_ANSWER_MALFORMED", { what: "log of a certificate" });
    const attestations = [...(log.event.args.votes as Result)].map(({ slot, r, s }) => ({
      slot: Number(slot),
      signature: { r, s },
    }));
    return { batch: id, epoch, attestations, weight, block };
  }

  async events(from: number, rollup?: RollupId): Promise<DaEventPage> {
    const head = await this.#headNumber();
    if (from > head + 1 + STALE_HEAD_BLOCKS) throw new DaError("DA_CURSOR_AHEAD", { from, head });
    if (from > head) return { from, next: from, events: [] };
    const to = Math.min(head, from + this.logPageBlocks - 1);
    const logs = await this.#logs(from, to, [Object.values(eventTopics), null, rollup ?? null]);
    return { from, next: to + 1, events: logs.map(daEvent) };
  }

  async *watch({ from, rollup, signal, pollIntervalMs = 500 }: WatchOptions): AsyncIterable<DaEventPage> {
    let next = from;
    while (!signal.aborted) {
      const page = await this.#patientEvents(next, rollup, signal);
      if (!page) return;
      if (page.next > next) yield page;
      else await this.clock.sleep(pollIntervalMs, signal);
      next = page.next;
    }
  }

  /** @returns undefined when `signal` aborted in the meantime */
  async #patientEvents(
    from: number,
    rollup: RollupId | undefined,
    signal: AbortSignal,
  ): Promise<DaEventPage | undefined> {
    const options = { attempts: Number.POSITIVE_INFINITY, baseMs: 200, maxMs: 5_000, signal };
    try {
      return await retry(() => this.events(from, rollup), options, { clock: this.clock, random: () => 1 });
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  }

  /** Not by the latest block: a node reads all of it, megabytes, for each of many looks in which nothing is new. */
  async #headNumber(): Promise<number> {
    return Number(quantity(await this.rpc.ask("eth_blockNumber"), "block number"));
  }

  async #known(id: BatchId): Promise<KnownBatch | undefined> {
    const found = await this.#inbox.find("batchOf", [id], "BatchInboxBatchUnknown");
    if (!found) return undefined;
    const block = Number(found[0].openedBlock);
    // The last one: a batch can be opened, dropped and opened again within a block.
    const opened = (await this.#logs(block, block, [eventTopics.BatchOpened, id])).at(-1);
    if (!opened) throw new DaError("DA_ANSWER_MALFORMED", { what: "log of an opened batch" });
    return { fields: found[0], opened };
  }

  /** Where chunks of this opening of the batch stand: the last posting of each index. */
  async #chunkLogs(id: BatchId): Promise<ReadonlyMap<number, Hex>> {
    const found = await this.#inbox.find("batchOf", [id], "BatchInboxBatchUnknown");
    if (!found) throw new DaError("DA_BATCH_UNKNOWN", { batch: id });
    const { openedBlock, sealedBlock } = found[0];
    const end = sealedBlock !== 0n ? Number(sealedBlock) : await this.#headNumber();
    const places = new Map<number, Hex>();
    for (let from = Number(openedBlock); from <= end; from += this.logPageBlocks) {
      const to = Math.min(end, from + this.logPageBlocks - 1);
      for (const { event, transaction } of await this.#logs(from, to, [eventTopics.ChunkPosted, id]))
        places.set(Number(event.args.index), transaction);
    }
    return places;
  }

  async #chunk(batch: DaBatch, index: number, places: ReadonlyMap<number, Hex>): Promise<Uint8Array> {
    const missing = () => new DaError("DA_CHUNK_NOT_FOUND", { batch: batch.id, index });
    const place = places.get(index);
    const expected = batch.chunkRoots[index];
    if (!place || !expected) throw missing();
    const answer = await this.rpc.ask("eth_getTransactionByHash", [place]);
    if (answer === null) throw missing();
    const chunk = readChunkCall(hex(record(answer, "transaction").input, "transaction"));
    if (!chunk) throw missing();
    if (!Buffer.from(chunkRoot(chunk)).equals(expected))
      throw new DaError("DA_CHUNK_CORRUPT", { batch: batch.id, index });
    return chunk;
  }

  /** A node of CometBFT answers with an error while its index lags behind its latest block: for moments, or longer under load. */
  async #settled<T>(ask: () => Promise<T>): Promise<T> {
    const isRetryable = (error: unknown) =>
      error instanceof DaError && error.code === "DA_RPC" && lags(error);
    return await retry(ask, { ...WHILE_INDEX_LAGS, isRetryable }, { clock: this.clock, random: () => 1 });
  }

  async #logs(
    fromBlock: number,
    toBlock: number,
    topics: readonly (Hex | readonly Hex[] | null)[],
  ): Promise<DecodedLog[]> {
    const query = { address: this.addresses.inbox, fromBlock, toBlock, topics };
    return await this.#settled(() => queryLogs(this.rpc, inboxInterface, query));
  }
}

function lags(error: DaError): boolean {
  return /failed to get (receipts|rpc block)|tx not found/i.test((error.data as { reason: string }).reason);
}

function epochTopic(epoch: bigint): Hex {
  return `0x${epoch.toString(16).padStart(64, "0")}`;
}

function readHeader(header: Result): BatchHeader {
  const { number, source, target, landBy, dataLength, decodedLength, scheme } = header;
  return { number, source, target, landBy, dataLength, decodedLength, scheme };
}

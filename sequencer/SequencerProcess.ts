import { ClockCheck } from "../da/index.ts";
import { commandHash, graphqlRoutes, type NetworkInfo } from "../l1/index.ts";
import { genesisSnapshot, LevelStore, Replica, type Snapshot } from "../ledger/index.ts";
import {
  type Domain,
  domainHash,
  domainOf,
  genesisHash,
  hash,
  type PublicKey,
  publicKeyFromBase58,
  publicKeyOf,
  publicKeyToBase58,
  signFields,
  signHeader,
  tags,
} from "../protocol/index.ts";
import {
  type Clock,
  createHttpServer,
  createMetricRegister,
  DurableLevel,
  faultOf,
  isLoopback,
  type MetricRegister,
  openDataDirectory,
  Readiness,
  systemClock,
} from "../service/index.ts";
import { BatchPipeline } from "./batches/BatchPipeline.ts";
import type { BatchRecord } from "./batches/BatchRecord.ts";
import type { CrashPoint } from "./batches/batchSteps.ts";
import { FeeFloat } from "./batches/FeeFloat.ts";
import { rollupOf } from "./batches/postBatch.ts";
import type { BlockSigner } from "./chain/BlockRecord.ts";
import { Chain } from "./chain/Chain.ts";
import { MAX_STATES, ReplicaSnapshots } from "./chain/ReplicaSnapshots.ts";
import type { Sequencer, SequencerModules, SequencerOptions } from "./createSequencer.ts";
import { RecoveryError } from "./errors/RecoveryError.ts";
import { SequencerError } from "./errors/SequencerError.ts";
import { canonicalJson, SequencerBackend } from "./graphql/SequencerBackend.ts";
import { sequencerRoutes } from "./http/sequencerRoutes.ts";
import { rebuild } from "./recovery/rebuild.ts";
import { createSequencerMetrics, type SequencerMetrics } from "./SequencerMetrics.ts";
import { batchHeldBy } from "./settlement/batchHeldBy.ts";
import { createCommitSigner } from "./settlement/createCommitSigner.ts";
import {
  L1Follower,
  type L1FollowerOptions,
  type L1Reading,
  type L1View,
  placeOf,
  readL1,
} from "./settlement/L1Follower.ts";
import { outerBefore } from "./settlement/outerBefore.ts";
import { SlotBound } from "./settlement/SlotBound.ts";
import { ValidatorHistory } from "./settlement/ValidatorHistory.ts";
import { SequencerStore } from "./store/SequencerStore.ts";

/** Raised with each change of what is stored. */
const STORE_SCHEMA = 1;
/** How long each part may take to stop. */
const STOP_MS = 4_000;
/** Mina's; nothing here depends on epochs. */
const SLOTS_PER_EPOCH = 7_140;

/** What `start` opens, in order. */
interface Parts {
  readonly store: SequencerStore;
  readonly snapshots: ReplicaSnapshots;
  readonly chain: Chain;
  readonly float: FeeFloat;
  readonly pipeline: BatchPipeline;
  readonly follower: L1Follower;
  readonly slots: SlotBound;
  readonly metrics: SequencerMetrics;
}

type PartsInTheMaking = { -readonly [Name in keyof Parts]: Parts[Name] };

/** See `createSequencer`. */
export class SequencerProcess implements Sequencer {
  readonly #options: SequencerOptions;
  readonly #modules: SequencerModules;
  readonly #clock: Clock;
  readonly #register: MetricRegister;
  readonly #crashPoint: (point: CrashPoint) => void;
  readonly #domain: Domain;
  readonly #genesis: Snapshot;
  readonly #validators: ValidatorHistory;
  readonly #key: PublicKey;
  readonly #feePayer: PublicKey;
  readonly #closers: (() => Promise<void> | void)[] = [];
  readonly #done = Promise.withResolvers<never>();
  #l1Fault: string | null = "not read yet";
  #url: string | undefined;

  constructor(options: SequencerOptions, modules: SequencerModules) {
    this.#options = options;
    this.#modules = modules;
    this.#clock = modules.clock ?? systemClock;
    this.#register = modules.register ?? createMetricRegister({ role: "sequencer" });
    this.#crashPoint = modules.crashPoint ?? (() => {});
    this.#domain = domainOf(modules.genesis);
    this.#genesis = genesisSnapshot(modules.genesis);
    const outer = outerBefore(modules.genesis, this.#genesis.state, []);
    this.#validators = new ValidatorHistory({ genesis: modules.genesis, outer }, modules);
    const { sequencer, feePayer = sequencer } = modules.keys;
    this.#key = publicKeyFromBase58(publicKeyOf(sequencer.reveal()));
    this.#feePayer = publicKeyFromBase58(publicKeyOf(feePayer.reveal()));
  }

  get url(): string {
    if (this.#url === undefined) throw new TypeError("the sequencer does not run");
    return this.#url;
  }
  get graphqlUrl(): string {
    return `${this.url}/graphql`;
  }
  get done(): Promise<never> {
    return this.#done.promise;
  }

  /** @throws {SequencerError}, {RecoveryError}, {DataDirectoryError}, {LedgerError}, {L1Error}, {HttpError} `HTTP_LISTEN_FAILED` */
  async start(): Promise<void> {
    this.#assertKey();
    try {
      await this.#open();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Requests first, then blocks, then the pipeline with its prover, then what is open on disk. */
  async stop(): Promise<void> {
    this.#url = undefined;
    for (let close = this.#closers.pop(); close; close = this.#closers.pop()) await close();
  }

  async #open(): Promise<void> {
    const { da, prover, genesis } = this.#modules;
    this.#closers.push(() => da.close());
    this.#closers.push(() => prover.stop());
    const directory = await openDataDirectory({
      path: this.#options.dataDirectory,
      role: "sequencer",
      schema: STORE_SCHEMA,
      network: genesisHash(genesis),
    });
    this.#closers.push(() => directory.close());
    const parts = {} as PartsInTheMaking;
    parts.metrics = this.#makeMetrics(parts);
    const onFailure = () => parts.metrics.storeFailures.inc();
    const store = await SequencerStore.open(directory.file("chain"), { onFailure });
    this.#closers.push(() => store.close());
    const ledger = new LevelStore(await DurableLevel.open(directory.file("ledger"), { onFailure }));
    this.#closers.push(() => ledger.close());
    const replica = await Replica.open(this.#genesis, { store: ledger }, { maxPending: MAX_STATES });
    parts.store = store;
    parts.snapshots = new ReplicaSnapshots(replica, await store.lastBatch());
    await this.#assemble(parts);
    await this.#run(parts);
  }

  /** Builds the other parts on what is on disk, after rebuilding what is missing there. */
  async #assemble(parts: PartsInTheMaking): Promise<void> {
    const { store, snapshots } = parts;
    const reading = await readL1(this.#modules.l1, this.#followerOptions());
    await this.#lookAtValidators();
    await this.#rebuildIfLost(reading, store, snapshots);
    parts.follower = new L1Follower(this.#followerOptions(), {
      l1: this.#modules.l1,
      store,
      batchOf: (core, cursor) => batchHeldBy({ core, cursor }, this.#genesis.state, parts.pipeline.batches),
    });
    const startSlot = placeOf(reading.chain.at(-1)!).slot;
    parts.slots = await this.#slotBound(startSlot, store);
    const slot = () => parts.slots.atMost(parts.follower.view?.head.slot ?? startSlot);
    parts.chain = this.#makeChain(parts, slot);
    parts.float = this.#makeFloat(parts);
    parts.pipeline = this.#makePipeline(parts);
  }

  #makeMetrics(parts: Parts): SequencerMetrics {
    return createSequencerMetrics(this.#register, {
      pool: () => parts.chain.pending.length,
      height: () => parts.chain.tip.height,
      accepted: () => parts.follower.view?.accepted,
      l1Slot: () => parts.follower.view?.head.slot,
      slotExcess: () => {
        const slot = parts.follower.view?.head.slot;
        return slot === undefined ? undefined : parts.slots.excess(slot);
      },
      prepaid: () => parts.float.balance,
      steps: () => parts.pipeline.batches.map(({ step }) => step),
    });
  }

  async #slotBound(slot: bigint, store: SequencerStore): Promise<SlotBound> {
    const known = await store.slotClock();
    if (known) return new SlotBound(known, () => this.#clock.now());
    const { genesisTimestampMs, slotDurationMs } = await this.#modules.l1.network();
    const first = { seen: { slot, ms: this.#clock.now() }, genesisTimestampMs, slotDurationMs };
    await store.putSlotClock(first);
    return new SlotBound(first, () => this.#clock.now());
  }

  #makeChain(parts: Parts, slot: () => bigint): Chain {
    const { "sequencer.fee-recipient": feeRecipient, ...options } = this.#options;
    return new Chain(
      {
        domain: domainHash(this.#domain),
        feeRecipient: publicKeyFromBase58(feeRecipient),
        pool: {
          transactions: options["sequencer.pool-transactions"],
          perSender: options["sequencer.pool-per-sender"],
          minimumFee: options["sequencer.minimum-fee"],
        },
        maxWaitMs: options["sequencer.pool-wait-ms"],
        blocksPerBatch: options["sequencer.blocks-per-batch"],
        maxBatchAgeMs: options["sequencer.batch-age-ms"],
        maxBatchUpdates: options["sequencer.batch-updates"],
        maxOpenBatches: options["sequencer.open-batches"],
      },
      {
        store: parts.store,
        snapshots: parts.snapshots,
        signer: this.#blockSigner(),
        prover: this.#modules.prover,
        clock: this.#clock,
        log: this.#modules.log,
        slot,
        openBatches: () => parts.pipeline.open,
        crashPoint: this.#crashPoint,
        fatal: (error) => this.#done.reject(error),
      },
    );
  }

  #makeFloat(parts: Parts): FeeFloat {
    const { da, log } = this.#modules;
    return new FeeFloat(
      { rollup: rollupOf(this.#domain), float: this.#options["sequencer.da-fee-float"] },
      { fees: () => da.fees(), log, onPrepay: (outcome) => parts.metrics.prepayments.inc({ outcome }) },
    );
  }

  #makePipeline(parts: Parts): BatchPipeline {
    const { genesis, keys, log } = this.#modules;
    const { sequencer, feePayer = sequencer } = keys;
    const network = genesis.minaNetwork.includes("mainnet") ? "mainnet" : "devnet";
    return new BatchPipeline(
      {
        post: { domain: this.#domain },
        domain: domainHash(this.#domain),
        pollMs: this.#options["sequencer.poll-interval-ms"],
      },
      {
        ...this.#modules,
        clock: this.#clock,
        crashPoint: this.#crashPoint,
        store: parts.store,
        float: parts.float,
        follower: parts.follower,
        finalityDepth: BigInt(this.#options["sequencer.finality-depth"]),
        signHeader: (header, dataRoot, domain) => signHeader(sequencer.reveal(), header, dataRoot, domain),
        signCommit: createCommitSigner(
          { fee: this.#options["sequencer.commit-fee"], network },
          { sequencer, feePayer },
        ),
        validators: this.#validators,
        outerBefore: (earlier) => outerBefore(genesis, this.#genesis.state, earlier),
        onExpired: (batch) => parts.chain.rewind(batch),
        onFinal: async (batch) => {
          await parts.snapshots.finalize(batch.target);
          log.info("batch final", { batch: batch.number });
        },
      },
    );
  }

  /** Starts the parts in order; each is stopped before those it needs. */
  async #run(parts: Parts): Promise<void> {
    const { chain, pipeline, follower, store } = parts;
    await chain.start();
    await follower.start();
    // Batches are known before L1 is looked at: its state is one of theirs.
    await pipeline.start();
    this.#closers.push(async () => {
      const stopped = pipeline.stop();
      await this.#modules.prover.stop(); // ends the proof that a batch waits for
      await this.#atMost(stopped);
    });
    await this.#every(this.#options["sequencer.poll-interval-ms"], () => this.#lookAtL1(parts));
    await this.#every(this.#options["sequencer.block-interval-ms"], () => this.#makeBlock(parts));
    const network = await this.#networkInfo();
    const { metrics } = parts;
    await this.#checkClock(metrics);
    const slot = () => follower.view?.head.slot ?? chain.tip.slot;
    const domain = domainHash(this.#domain);
    const backend = new SequencerBackend({ network, domain }, { chain, store, metrics, slot });
    const host = this.#options["sequencer.http-host"];
    const routes = sequencerRoutes(
      { sequencer: publicKeyToBase58(this.#key), domain, allowTrigger: isLoopback(host) },
      { chain, pipeline, follower, store, validators: this.#validators },
    );
    await this.#listen(host, [
      ...graphqlRoutes({ backend, onInternalError: (e) => this.#onInternal(e) }),
      ...routes,
    ]);
  }

  async #checkClock({ clockOffset }: SequencerMetrics): Promise<void> {
    const { da } = this.#modules;
    const check = new ClockCheck({
      da,
      clock: this.#clock,
      onOffset: (seconds) => clockOffset.set(seconds),
    });
    await check.start();
    this.#closers.push(() => check.stop());
  }

  async #listen(host: string, routes: Parameters<typeof createHttpServer>[1]["routes"]): Promise<void> {
    const readiness = new Readiness();
    readiness.add("l1", () => this.#l1Fault);
    const server = createHttpServer(
      { role: "sequencer", host, port: this.#options["sequencer.http-port"], openToWebPages: true },
      { routes, readiness, register: this.#register, log: this.#modules.log },
    );
    await server.start();
    this.#closers.push(() => server.stop());
    this.#url = server.url;
  }

  /** Runs a task now and again until the role stops; the first run has ended when this resolves. */
  async #every(periodMs: number, task: () => Promise<void>): Promise<void> {
    const stopped = new AbortController();
    await task();
    const loop = this.#clock
      .sleep(periodMs, stopped.signal)
      .then(() => this.#clock.every(periodMs, stopped.signal, task));
    this.#closers.push(async () => {
      stopped.abort();
      await this.#atMost(loop);
    });
  }

  /**
   * Waits for work in hand, but not for another process that does not answer. What still runs then finds the database closed,
   * and is done again after the next start.
   */
  async #atMost(work: Promise<unknown>): Promise<void> {
    const ended = new AbortController();
    await Promise.race([work, this.#clock.sleep(STOP_MS, ended.signal)]);
    ended.abort();
  }

  /** Rotations that the DA chain has mirrored. Without it we go on with those known: L1 has the last word. */
  async #lookAtValidators(view?: L1View): Promise<void> {
    await this.#validators.look(view?.validators).catch((error: unknown) => {
      this.#modules.log.debug("validator sets not read", faultOf(error));
    });
  }

  async #lookAtL1({ follower, metrics }: Parts): Promise<void> {
    const { log } = this.#modules;
    await this.#lookAtValidators(follower.view);
    try {
      const gone = await follower.look();
      if (gone > 0) log.warn("l1 reorganised", { blocks: gone, accepted: follower.view?.accepted });
      metrics.reorganised.inc(gone);
      metrics.l1Looks.inc({ outcome: "good" });
      this.#l1Fault = null;
    } catch (error) {
      const fault = faultOf(error);
      const code = String(fault.code);
      metrics.l1Looks.inc({ outcome: code === "SETTLEMENT_FOREIGN_STATE" ? "foreign" : "failed" });
      if (this.#l1Fault !== code) log[fault.remedy === "retry" ? "warn" : "error"]("l1 not read", fault);
      this.#l1Fault = code;
    }
  }

  async #makeBlock({ chain, pipeline }: Parts): Promise<void> {
    try {
      await chain.closeBlock();
      const batch = await chain.closeDueBatch();
      if (batch) pipeline.add(batch);
    } catch (error) {
      // `done` has been told; this is for the log.
      this.#modules.log.error("no block", faultOf(error));
    }
  }

  /** Rebuilds from a validator's copy when L1 holds a state that the database does not know. */
  async #rebuildIfLost(
    reading: L1Reading,
    store: SequencerStore,
    snapshots: ReplicaSnapshots,
  ): Promise<void> {
    const [core, cursor] = [reading.fields[0]!, reading.fields[4]!];
    const batches = await store.batches();
    if (batchHeldBy({ core, cursor }, this.#genesis.state, batches) !== undefined) return;
    const accepted = hash(tags.state, [core, cursor]);
    const { archive, log } = this.#modules;
    if (!archive) throw new RecoveryError("RECOVERY_NO_SOURCE", { accepted });
    log.warn("rebuilding from a validator's copy", { batch: snapshots.newest.state.batch });
    await this.#takeBackUnaccepted(batches, store, snapshots);
    const count = await rebuild(
      {
        domain: this.#domain,
        sets: this.#validators.sets.map(({ set }) => set),
        accepted,
        place: placeOf(reading.chain.at(-1)!),
      },
      {
        ...this.#modules,
        archive,
        store,
        snapshots,
        clock: this.#clock,
        signer: this.#blockSigner(),
        hashOf: (command) => commandHash(canonicalJson(command)),
      },
    );
    log.info("rebuilt", { batches: count });
  }

  /** What L1 went past: blocks and batches of ours that it has not accepted. Their transactions wait again. */
  async #takeBackUnaccepted(
    batches: readonly BatchRecord[],
    store: SequencerStore,
    snapshots: ReplicaSnapshots,
  ): Promise<void> {
    const last = batches.findLast(({ step }) => step === "accepted" || step === "final");
    const number = (last?.number ?? 0n) + 1n;
    await store.rewind({ number, firstBlock: last?.nextBlock ?? 1n });
    if (snapshots.newest.state.batch >= number) await snapshots.rewind(last?.target ?? this.#genesis.state);
  }

  #assertKey(): void {
    const { sequencer } = this.#modules.genesis;
    if (sequencer.x === this.#key.x && sequencer.isOdd === this.#key.isOdd) return;
    const [expected, key] = [publicKeyToBase58(sequencer), publicKeyToBase58(this.#key)];
    throw new SequencerError("SEQUENCER_KEY_MISMATCH", { expected, key });
  }

  #followerOptions(): L1FollowerOptions {
    const { outerKey } = this.#modules.genesis;
    return { outerKey, feePayer: this.#feePayer, depth: this.#options["sequencer.finality-depth"] };
  }

  #blockSigner(): BlockSigner {
    const { sequencer } = this.#modules.keys;
    return { publicKey: this.#key, sign: (block) => signFields(sequencer.reveal(), [block]) };
  }

  /** L2 in the words of a Mina node: its slots are L1's. */
  async #networkInfo(): Promise<NetworkInfo> {
    const { genesis, l1 } = this.#modules;
    const { genesisTimestampMs, slotDurationMs } = await l1.network();
    return {
      networkId: `zeko:${genesis.name}`,
      chainId: genesisHash(genesis),
      genesisTimestampMs,
      slotDurationMs,
      slotsPerEpoch: SLOTS_PER_EPOCH,
      finalityDepth: this.#options["sequencer.finality-depth"],
      accountCreationFee: genesis.accountCreationFee,
      coinbase: 0n,
    };
  }

  #onInternal(error: unknown): void {
    this.#modules.log.error("query failed", faultOf(error));
  }
}

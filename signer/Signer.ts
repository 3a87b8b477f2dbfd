import type { BatchId, DaReader } from "../da/index.ts";
import {
  AttestationBook,
  fieldToHex,
  GossipNode,
  type Origin,
  openRecordStore,
  type RecordStore,
  readOrMakePeerKey,
  type SignedAttestation,
  type Verdict,
} from "../gossip/index.ts";
import { genesisSnapshot, LevelStore, Replica } from "../ledger/index.ts";
import {
  batchMessage,
  domainHash,
  domainOf,
  type Genesis,
  genesisHash,
  publicKeyToBase58,
} from "../protocol/index.ts";
import {
  type Clock,
  createHttpServer,
  createMetricRegister,
  faultOf,
  type HttpServer,
  type Logger,
  type MetricRegister,
  type OptionValues,
  openDataDirectory,
  Readiness,
  type Service,
  ServiceGroup,
  systemClock,
} from "../service/index.ts";
import type { AttestationKey } from "./AttestationKey.ts";
import { BatchPipeline } from "./BatchPipeline.ts";
import type { BatchRecord } from "./BatchRecord.ts";
import { BatchSteps } from "./BatchSteps.ts";
import { ChainFollower } from "./ChainFollower.ts";
import { checkRollup } from "./checks/checkPoster.ts";
import { FinalityLoop } from "./FinalityLoop.ts";
import { HeldData } from "./HeldData.ts";
import type { L1Finality } from "./L1Finality.ts";
import { slotIn } from "./ownAttestation.ts";
import { SetOfEpoch } from "./SetOfEpoch.ts";
import { createSignerMetrics } from "./SignerMetrics.ts";
import { SIGNER_SCHEMA, SignerStore } from "./SignerStore.ts";
import type { signerOptions } from "./signerOptions.ts";
import { signerRoutes } from "./signerRoutes.ts";
import type { SignerCrashPoint } from "./signerSteps.ts";

export type SignerOptions = OptionValues<typeof signerOptions> & {
  /** Where everything is kept; held by this process alone while it runs. */
  readonly dataDirectory: string;
  readonly genesis: Genesis;
};

export interface SignerModules {
  /** Our own node of the DA chain. Whoever connected it closes it. */
  readonly da: DaReader;
  readonly key: AttestationKey;
  readonly log: Logger;
  /** Tells which states are final; without it every state stays until `signer.max-forks` is reached. */
  readonly finality?: Pick<L1Finality, "look">;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly register?: MetricRegister;
  /** Tests kill the process here. */
  readonly crashPoint?: (point: SignerCrashPoint) => void;
  /** Tests give a disk that lies. */
  readonly openRecords?: (directory: string) => Promise<RecordStore>;
}

type Parts = {
  readonly store: SignerStore;
  readonly held: HeldData;
  readonly replica: Replica;
  readonly gossip: GossipNode;
  readonly book: AttestationBook;
  readonly pipeline: BatchPipeline;
  readonly follower: ChainFollower;
  readonly sets: SetOfEpoch;
  readonly http: HttpServer;
};

/**
 * A validator's node: follows the DA chain, checks and keeps every batch of its rollup, and attests to those that it can
 * give back and continue from. It never says that a batch won, only that it is valid and available.
 */
export class Signer implements Service {
  readonly #options: SignerOptions;
  readonly #modules: Required<Omit<SignerModules, "finality">> & Pick<SignerModules, "finality">;
  readonly #domain: bigint;
  readonly #group: ServiceGroup;
  #parts: Parts | undefined;

  /** Stores its arguments; `start` opens the data directory and listens. */
  constructor(options: SignerOptions, modules: SignerModules) {
    this.#options = options;
    this.#modules = {
      clock: systemClock,
      random: Math.random,
      register: createMetricRegister({ role: "signer" }),
      crashPoint: () => {},
      openRecords: openRecordStore,
      ...modules,
    };
    this.#domain = domainHash(domainOf(options.genesis));
    this.#group = new ServiceGroup({ log: modules.log });
  }

  /** @throws {DataDirectoryError}; {LedgerError}; {GossipError}; {SignerError} `SIGNER_DEPLOYMENT`; {HttpError} `HTTP_LISTEN_FAILED` */
  async start(): Promise<void> {
    const { da } = this.#modules;
    const { rollupId } = domainOf(this.#options.genesis);
    checkRollup(await da.rollup(fieldToHex(rollupId)), this.#domain);
    const closers: (() => Promise<void>)[] = [];
    try {
      this.#parts = await this.#open(closers);
    } catch (error) {
      for (const close of closers.toReversed()) await close();
      throw error;
    }
    await this.#group.start();
  }

  /** Lets the work in hand finish, waits neither for nodes nor for peers; the store is closed last. */
  async stop(): Promise<void> {
    await this.#group.stop();
  }

  /** `http://127.0.0.1:7001`, while it runs. */
  get url(): string {
    return this.#running.http.url;
  }

  /** Where peers dial this node. */
  get peerAddresses(): string[] {
    return this.#running.gossip.addresses;
  }

  /** The open node, for tests that wait for the network. */
  get gossip(): GossipNode {
    return this.#running.gossip;
  }

  get #running(): Parts {
    if (!this.#parts) throw new TypeError("the signer does not run");
    return this.#parts;
  }

  async #open(closers: (() => Promise<void>)[]): Promise<Parts> {
    const { genesis, dataDirectory, "signer.max-forks": maxPending } = this.#options;
    const opened = <T>(name: string, part: T, close: () => Promise<void>): T => {
      closers.push(close);
      this.#group.addCloser(name, close);
      return part;
    };
    const directory = await openDataDirectory({
      path: dataDirectory,
      role: "signer",
      schema: SIGNER_SCHEMA,
      network: genesisHash(genesis),
    });
    opened("data directory", directory, () => directory.close());
    const records = await this.#modules.openRecords(directory.file("batches"));
    opened("batch store", records, () => records.close());
    const states = await LevelStore.open(directory.file("replica"));
    opened("replica", states, () => states.close());
    const replica = await Replica.open(genesisSnapshot(genesis), { store: states }, { maxPending });
    const peerKey = await readOrMakePeerKey(directory.file("peer-key"));
    return this.#assemble(new SignerStore(records), replica, peerKey);
  }

  #assemble(
    store: SignerStore,
    replica: Replica,
    peerKey: Awaited<ReturnType<typeof readOrMakePeerKey>>,
  ): Parts {
    const { genesis } = this.#options;
    const { da, clock, random, log, key, crashPoint, register, finality } = this.#modules;
    const metrics = createSignerMetrics(register);
    const book = new AttestationBook();
    const sets = new SetOfEpoch(genesis, da);
    const currentSet = () => sets.current();
    const judge = (attestation: SignedAttestation, origin: Origin): Verdict => {
      const verdict = book.judge(attestation, origin.peer);
      metrics.gossip.inc({ verdict: verdict.kind });
      return verdict;
    };
    const gossip = new GossipNode(
      {
        domain: this.#domain,
        listen: this.#options["signer.gossip-listen"],
        peers: this.#options["signer.gossip-peers"],
      },
      {
        key: peerKey,
        judge,
        holdings: this.#holdings(store, book, () => held),
        validator: key,
        clock,
        log,
      },
    );
    const steps = new BatchSteps(
      { genesis },
      { da, store, replica, gossip, key, currentSet, clock, log, metrics, crashPoint },
    );
    const held = new HeldData({ store, fetchBytes: (record) => steps.fetchBytes(record), log, metrics });
    const pipeline = new BatchPipeline(
      {},
      {
        steps,
        store,
        holdsState: (state) => replica.has(state),
        onStep: (record) => void this.#learn(record, { book, sets, store }),
        clock,
        random,
        log,
        metrics,
      },
    );
    const follower = this.#follower(store, pipeline, metrics);
    const parts = { store, held, replica, gossip, book, pipeline, follower, sets };
    this.#watch(metrics, parts);
    const http = this.#http(parts);
    this.#group.add("peer network", gossip);
    this.#group.add("batches", pipeline);
    this.#group.add("DA chain", follower);
    if (finality) this.#group.add("finality", new FinalityLoop({ replica, finality, clock, log }));
    this.#group.add("HTTP", http);
    return { ...parts, http };
  }

  #follower(store: SignerStore, pipeline: BatchPipeline, metrics: ReturnType<typeof createSignerMetrics>) {
    const { da, clock, random, log, crashPoint } = this.#modules;
    const { rollupId } = domainOf(this.#options.genesis);
    return new ChainFollower(
      {
        rollup: fieldToHex(rollupId),
        pollIntervalMs: this.#options["signer.poll-interval-ms"],
        maxPending: this.#options["signer.max-pending"],
      },
      {
        da,
        store,
        pending: () => pipeline.pending,
        onBatches: (batches) => pipeline.add(batches),
        onCertified: (batch, epoch) => store.certify(batch, epoch),
        clock,
        random,
        log,
        metrics,
        crashPoint,
      },
    );
  }

  #holdings(store: SignerStore, book: AttestationBook, held: () => HeldData) {
    return {
      data: (batch: BatchId) => held().read(batch),
      async attestations(batch: BatchId): Promise<SignedAttestation[]> {
        const own = await store.attestations(batch);
        const epochs = new Set(own.map(({ epoch }) => epoch));
        const others = [...epochs].flatMap((epoch) =>
          book.attestations(batch, epoch).map((entry) => ({ batch, epoch, ...entry })),
        );
        const missing = own
          .filter(({ epoch, slot }) => !others.some((other) => other.epoch === epoch && other.slot === slot))
          .map(({ epoch, slot, signature }) => ({ batch, epoch, slot, signature }));
        return [...others, ...missing];
      },
    };
  }

  /** From its admission on, others' attestations to a batch can be judged, and so passed on. */
  async #learn(
    record: BatchRecord,
    { book, sets, store }: Pick<Parts, "book" | "sets" | "store">,
  ): Promise<void> {
    try {
      if (record.step !== "noticed") {
        const { set, hash } = await sets.current();
        const message = batchMessage(hash, record.header, record.dataRoot, this.#domain);
        book.open({ batch: record.id, set, message });
      }
      if (record.step !== "signed") return;
      for (const { epoch, slot, signature } of await store.attestations(record.id))
        book.restore({ batch: record.id, epoch, slot, signature });
    } catch (error) {
      this.#modules.log.debug("attestations not judged", { batch: record.header.number, ...faultOf(error) });
    }
  }

  #watch(metrics: ReturnType<typeof createSignerMetrics>, parts: Omit<Parts, "http">): void {
    metrics.setCollectors({
      pending: () => parts.pipeline.pending,
      peers: () => parts.gossip.connected.length,
      tip: () => Number(tipOf(parts.replica).number),
    });
  }

  #http(parts: Omit<Parts, "http">): HttpServer {
    const { log, clock, register, key } = this.#modules;
    const { genesis, "signer.http-host": host, "signer.http-port": port } = this.#options;
    const { store, held, replica, gossip, follower, pipeline, sets } = parts;
    const readiness = new Readiness();
    readiness.add("DA chain", () => chainReadiness(follower.seenMs, clock.now()));
    const slot = () => (sets.known ? slotIn(sets.known, key) : -1);
    const routes = signerRoutes({
      store,
      held,
      info: () => ({
        role: "signer",
        version: "v1",
        publicKey: publicKeyToBase58(key.publicKey),
        slot: slot() < 0 ? null : slot(),
        epoch: sets.known?.set.epoch.toString() ?? null,
        domain: fieldToHex(this.#domain),
        genesis: genesisHash(genesis),
        peer: gossip.peerId,
        addresses: gossip.addresses,
      }),
      status: () => ({
        pending: pipeline.pending,
        peers: gossip.connected.length,
        daSeenMs: follower.seenMs ?? null,
        tip: tipOf(replica),
      }),
      state: () => ({
        base: { number: replica.base.state.batch.toString(), state: fieldToHex(replica.states()[0]!) },
        tip: tipOf(replica),
        states: replica.states().length,
      }),
    });
    return createHttpServer({ role: "signer", host, port }, { routes, readiness, register, log, clock });
  }
}

/** The state with the highest batch number that is held; the first one seen of rivals. */
function tipOf(replica: Replica): { number: string; state: string } {
  const states = replica.states().map((hash) => ({ hash, batch: replica.at(hash).state.batch }));
  const tip = states.reduce((best, next) => (next.batch > best.batch ? next : best));
  return { number: tip.batch.toString(), state: fieldToHex(tip.hash) };
}

/** Longest silence of the DA node before we say that we are not ready, in milliseconds. */
const MAX_SILENCE_MS = 60_000;

function chainReadiness(seenMs: number | undefined, nowMs: number): string | null {
  if (seenMs === undefined) return "the DA chain has not been read yet";
  return nowMs - seenMs > MAX_SILENCE_MS ? "the DA chain has not been read for a minute" : null;
}

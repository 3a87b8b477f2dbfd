import { statfsSync } from "node:fs";
import { type BatchId, ClockCheck, type DaEventPage, type DaReader } from "../da/index.ts";
import {
  type BatchHoldings,
  type CheckedSet,
  fieldToHex,
  GossipNode,
  openRecordStore,
  type PeerKey,
  type RecordStore,
  readOrMakePeerKey,
} from "../gossip/index.ts";
import { genesisSnapshot, LevelStore, Replica } from "../ledger/index.ts";
import {
  domainHash,
  domainOf,
  type Genesis,
  genesisHash,
  outerAtGenesis,
  publicKeyToBase58,
} from "../protocol/index.ts";
import {
  type Clock,
  createHttpServer,
  createMetricRegister,
  DurableLevel,
  type DurableLevelModules,
  type HttpServer,
  type Logger,
  type MetricRegister,
  type Opened,
  type OptionValues,
  openDataDirectory,
  type PageFollower,
  Readiness,
  type Service,
  ServiceGroup,
  systemClock,
} from "../service/index.ts";
import { AttestAnew } from "./AttestAnew.ts";
import { AttestationDesk } from "./AttestationDesk.ts";
import type { AttestationKey } from "./AttestationKey.ts";
import { BatchPipeline } from "./BatchPipeline.ts";
import type { BatchRecord } from "./BatchRecord.ts";
import { BatchSteps } from "./BatchSteps.ts";
import { checkRollup } from "./checks/checkPoster.ts";
import { countFault } from "./countFault.ts";
import { FinalityLoop } from "./FinalityLoop.ts";
import { followChain } from "./followChain.ts";
import { createGasPart, type GasPart, type GasSource } from "./gas/createGasPart.ts";
import { GasStore } from "./gas/GasStore.ts";
import { HeldData } from "./HeldData.ts";
import type { L1Finality } from "./L1Finality.ts";
import { MissedBatches } from "./MissedBatches.ts";
import { slotIn } from "./ownAttestation.ts";
import { RotationDesk } from "./RotationDesk.ts";
import { readSealed } from "./readSealed.ts";
import { SetOfEpoch } from "./SetOfEpoch.ts";
import { createSignerMetrics, type SignerMetrics } from "./SignerMetrics.ts";
import { SIGNER_SCHEMA, SignerStore } from "./SignerStore.ts";
import { StateCheck } from "./StateCheck.ts";
import type { signerOptions } from "./signerOptions.ts";
import { signerRoutes } from "./signerRoutes.ts";
import type { SignerCrashPoint } from "./signerSteps.ts";
import { UnseenBatches } from "./UnseenBatches.ts";

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
  readonly finality?: Pick<L1Finality, "look" | "validators"> & Partial<Pick<L1Finality, "remember">>;
  /** Where MINA that is locked for gas is read; without it, or where genesis names no such account, none is certified. */
  readonly gas?: GasSource;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly register?: MetricRegister;
  /** Tests kill the process here. */
  readonly crashPoint?: (point: SignerCrashPoint) => void;
  /** Tests give a disk that lies. */
  readonly openRecords?: (directory: string, modules: DurableLevelModules) => Promise<RecordStore>;
}

type Parts = {
  readonly store: SignerStore;
  readonly held: HeldData;
  readonly replica: Replica;
  readonly gossip: GossipNode;
  readonly pipeline: BatchPipeline;
  readonly follower: PageFollower<DaEventPage>;
  readonly sets: SetOfEpoch;
  readonly anew: AttestAnew;
  readonly check: StateCheck;
  readonly rotations: RotationDesk;
  readonly http: HttpServer;
};

/**
 * A validator's node: follows the DA chain, checks and keeps every batch of its rollup, and attests to those that it can
 * give back and continue from. It never says that a batch won, only that it is valid and available.
 */
export class Signer implements Service {
  readonly #options: SignerOptions;
  readonly #modules: Required<Omit<SignerModules, "finality" | "gas">> &
    Pick<SignerModules, "finality" | "gas">;
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
    this.#parts = await this.#group.open((opened) => this.#open(opened));
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

  async #open(opened: Opened): Promise<Parts> {
    const { genesis, dataDirectory, "signer.max-forks": maxPending } = this.#options;
    const directory = await openDataDirectory({
      path: dataDirectory,
      role: "signer",
      schema: SIGNER_SCHEMA,
      network: genesisHash(genesis),
    });
    opened("data directory", () => directory.close());
    const metrics = createSignerMetrics(this.#modules.register);
    const onFailure = () => metrics.storeFailures.inc();
    const records = await this.#modules.openRecords(directory.file("batches"), { onFailure });
    opened("batch store", () => records.close());
    const states = new LevelStore(await DurableLevel.open(directory.file("replica"), { onFailure }));
    opened("replica", () => states.close());
    const store = new SignerStore(records);
    const start = genesisSnapshot(genesis);
    const { key, finality } = this.#modules;
    await finality?.remember?.(store.outerSightings);
    const rotations = new RotationDesk(outerAtGenesis(genesis, start.state), { key, finality });
    const replica = await Replica.open(start, { store: states }, { maxPending });
    const peerKey = await readOrMakePeerKey(directory.file("peer-key"));
    const check = new StateCheck({ start, states, replica, maxPending, clock: this.#modules.clock });
    return this.#assemble(store, new GasStore(records), replica, check, rotations, peerKey, metrics);
  }

  #assemble(
    store: SignerStore,
    gasStore: GasStore,
    replica: Replica,
    check: StateCheck,
    rotations: RotationDesk,
    peerKey: PeerKey,
    metrics: SignerMetrics,
  ): Parts {
    const { genesis } = this.#options;
    const { da, clock, log, key, crashPoint, finality } = this.#modules;
    const sets = new SetOfEpoch(genesis, { da, clock });
    const currentSet = () => sets.current();
    const aside = this.#aside(store, (batch) => pipeline.add([batch]), metrics);
    const unseen = new UnseenBatches(aside);
    const { rollupId } = domainOf(genesis);
    const missed = new MissedBatches(
      { rollup: fieldToHex(rollupId) },
      { ...aside, pending: () => pipeline.pending },
    );
    const desk = new AttestationDesk({ store, sets, domain: this.#domain, unseen, metrics, log });
    const data = (batch: BatchId) => held.read(batch);
    const gossip = this.#gossip(peerKey, desk, data, async (batch) => {
      // Peers that ask may be after our word as a member of the newest set.
      const epoch = sets.known?.set.epoch;
      if (epoch !== undefined) await anew.attest(batch, epoch).catch(() => undefined);
      return await desk.attestations(batch);
    });
    const own = { store, replica, key, sets, desk, gossip, domain: this.#domain, log };
    const anew = new AttestAnew(own);
    const steps = new BatchSteps(
      { genesis },
      { da, store, replica, gossip, key, currentSet, clock, log, metrics, crashPoint },
    );
    const held = new HeldData({ store, fetchBytes: (record) => steps.fetchBytes(record), log, metrics });
    const pipeline = this.#pipeline({ steps, store, replica, desk, metrics });
    const follower = this.#follower(store, pipeline, metrics);
    const parts = { store, held, replica, gossip, pipeline, follower, sets, anew, check, rotations };
    metrics.setCollectors({
      pending: () => pipeline.pending,
      peers: () => gossip.connected.length,
      tip: () => Number(tipOf(replica).number),
      unseen: () => unseen.count,
      silence: () => follower.silentMs / 1_000,
      diskFree: () => freeBytes(this.#options.dataDirectory),
    });
    const gas = this.#gas({ store: gasStore, sets, metrics });
    const http = this.#http(parts, gas?.routes ?? []);
    this.#group.add("peer network", gossip);
    this.#group.add("batches", pipeline);
    this.#group.add("attestations anew", anew);
    this.#group.add("DA chain", follower);
    this.#group.add("batches that peers know", unseen);
    this.#group.add("batches that others wait for", missed);
    const onOffset = (seconds: number) => metrics.clockOffset.set(seconds);
    this.#group.add("clock", new ClockCheck({ da, clock, onOffset }));
    if (finality) this.#group.add("finality", new FinalityLoop({ replica, finality, store, clock, log }));
    if (gas) this.#group.add("locked MINA", gas.watch);
    this.#group.add("HTTP", http);
    return { ...parts, http };
  }

  #gossip(
    key: PeerKey,
    desk: AttestationDesk,
    data: BatchHoldings["data"],
    attestations: BatchHoldings["attestations"],
  ): GossipNode {
    const { key: validator, clock, log } = this.#modules;
    return new GossipNode(
      {
        domain: this.#domain,
        listen: this.#options["signer.gossip-listen"],
        peers: this.#options["signer.gossip-peers"],
      },
      {
        key,
        judge: (attestation, origin) => desk.judge(attestation, origin),
        holdings: { data, attestations },
        validator,
        clock,
        log,
      },
    );
  }

  #pipeline(parts: {
    steps: BatchSteps;
    store: SignerStore;
    replica: Replica;
    desk: AttestationDesk;
    metrics: SignerMetrics;
  }): BatchPipeline {
    const { steps, store, replica, desk, metrics } = parts;
    const { clock, random, log } = this.#modules;
    const holdsState = (state: bigint) => replica.has(state);
    const onStep = (record: BatchRecord) => void desk.learn(record);
    return new BatchPipeline({}, { steps, store, holdsState, onStep, clock, random, log, metrics });
  }

  #follower(store: SignerStore, pipeline: BatchPipeline, metrics: SignerMetrics) {
    const { da, clock, random, log, crashPoint } = this.#modules;
    const domain = domainOf(this.#options.genesis);
    return followChain(
      {
        rollup: fieldToHex(domain.rollupId),
        domain,
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

  /** For what comes by batches past the events that our DA node tells of. */
  #aside(store: SignerStore, onBatch: (batch: BatchRecord) => void, metrics: SignerMetrics) {
    const { da, clock, random, log } = this.#modules;
    const domain = domainOf(this.#options.genesis);
    return {
      da,
      store,
      read: (id: BatchId, signal: AbortSignal) =>
        readSealed(id, domain, { da, clock }, signal).catch(countFault(metrics)),
      isCertified: async (id: BatchId, epoch: bigint) => (await da.certificateOf(id, epoch)) !== undefined,
      onBatch,
      clock,
      random,
      log,
    };
  }

  #gas(parts: { store: GasStore; sets: SetOfEpoch; metrics: SignerMetrics }): GasPart | undefined {
    const { gas, key, clock, log } = this.#modules;
    return gas && createGasPart(this.#options.genesis, gas, { ...parts, key, clock, log });
  }

  #http(parts: Omit<Parts, "http">, gasRoutes: GasPart["routes"]): HttpServer {
    const { log, clock, register, key } = this.#modules;
    const { genesis, "signer.http-host": host, "signer.http-port": port } = this.#options;
    const { store, held, replica, gossip, follower, pipeline, sets, anew, check, rotations } = parts;
    const readiness = new Readiness();
    readiness.add("DA chain", () => follower.notReady());
    const routes = signerRoutes({
      store,
      held,
      attestAnew: (batch, epoch) => anew.attest(batch, epoch),
      checkState: (state, signal) => check.check(state, signal),
      confirmRotation: (rotation) => rotations.confirm(rotation),
      info: async () => ({
        role: "signer",
        version: "v1",
        publicKey: publicKeyToBase58(key.publicKey),
        ...standingIn(await sets.recent().catch(() => sets.known), key),
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
    return createHttpServer(
      { role: "signer", host, port },
      { routes: [...routes, ...gasRoutes], readiness, register, log, clock },
    );
  }
}

/** Our place in a set, and its epoch. */
function standingIn(checked: CheckedSet | undefined, key: AttestationKey) {
  if (!checked) return { slot: null, epoch: null };
  const slot = slotIn(checked, key);
  return { slot: slot < 0 ? null : slot, epoch: checked.set.epoch.toString() };
}

function freeBytes(directory: string): number {
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize;
}

/** The state with the highest batch number that is held; the first one seen of rivals. */
function tipOf(replica: Replica): { number: string; state: string } {
  const states = replica.states().map((hash) => ({ hash, batch: replica.at(hash).state.batch }));
  const tip = states.reduce((best, next) => (next.batch > best.batch ? next : best));
  return { number: tip.batch.toString(), state: fieldToHex(tip.hash) };
}

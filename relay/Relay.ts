import { type BatchId, ClockCheck, type DaClient, type DaEventPage, type GasVault } from "../da/index.ts";
import {
  type CheckedSet,
  checkedSet,
  fieldToHex,
  GossipNode,
  openRecordStore,
  type PeerKey,
  readOrMakePeerKey,
} from "../gossip/index.ts";
import {
  type Domain,
  domainHash,
  domainOf,
  type Genesis,
  gasDomainHash,
  gasDomainOf,
  genesisHash,
} from "../protocol/index.ts";
import {
  type Clock,
  createHttpServer,
  createMetricRegister,
  type HttpServer,
  type Logger,
  type MetricRegister,
  type Opened,
  type OptionValues,
  openDataDirectory,
  type PageFollower,
  Readiness,
  type Route,
  type Service,
  ServiceGroup,
  systemClock,
} from "../service/index.ts";
import { parseSignerAddress } from "./askSigner.ts";
import { followChain } from "./followChain.ts";
import { Gatherer, type GathererModules } from "./Gatherer.ts";
import { GasCounter } from "./gas/GasCounter.ts";
import { gasClaimRoute } from "./gas/gasClaimRoute.ts";
import { RelayError } from "./RelayError.ts";
import { createRelayMetrics, type RelayMetrics } from "./RelayMetrics.ts";
import { type QuorumProver, RelayPipeline } from "./RelayPipeline.ts";
import { RELAY_SCHEMA, RelayStore } from "./RelayStore.ts";
import type { relayOptions } from "./relayOptions.ts";
import { relayRoutes } from "./relayRoutes.ts";
import type { RelayCrashPoint } from "./relaySteps.ts";
import { ValidatorFaults } from "./ValidatorFaults.ts";

export type RelayOptions = OptionValues<typeof relayOptions> & {
  /** Where everything is kept; held by this process alone while it runs. */
  readonly dataDirectory: string;
  readonly genesis: Genesis;
};

export interface RelayModules {
  /** Our own node of the DA chain, with an account that pays for certificates. Whoever connected it closes it. */
  readonly da: DaClient;
  /** What pays gas out, called with the same account; without it, or where genesis names none, the relay claims no gas. */
  readonly gasVault?: GasVault;
  /** Whoever made it stops it. */
  readonly prover: QuorumProver;
  readonly log: Logger;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly register?: MetricRegister;
  /** Tests kill the process here. */
  readonly crashPoint?: (point: RelayCrashPoint) => void;
}

type Parts = {
  readonly store: RelayStore;
  readonly gossip: GossipNode;
  readonly gatherer: Gatherer;
  readonly pipeline: RelayPipeline;
  readonly faults: ValidatorFaults;
  readonly follower: PageFollower<DaEventPage>;
  readonly http: HttpServer;
};

/**
 * Brings the validators' signatures together: certificate, its record in the inbox, its proof. Trusted with nothing: it can
 * be slow or absent, and another one does the same from the same signatures.
 */
export class Relay implements Service {
  readonly #options: RelayOptions;
  readonly #modules: Required<Omit<RelayModules, "gasVault">> & Pick<RelayModules, "gasVault">;
  readonly #domain: Domain;
  readonly #group: ServiceGroup;
  readonly #sets = new Map<bigint, CheckedSet>();
  #parts: Parts | undefined;

  /** Stores its arguments; `start` opens the data directory and listens. */
  constructor(options: RelayOptions, modules: RelayModules) {
    this.#options = options;
    this.#modules = {
      clock: systemClock,
      random: Math.random,
      register: createMetricRegister({ role: "relay" }),
      crashPoint: () => {},
      ...modules,
    };
    this.#domain = domainOf(options.genesis);
    this.#group = new ServiceGroup({ log: modules.log });
  }

  /** @throws {DataDirectoryError}; {GossipError}; {RelayError} `RELAY_DEPLOYMENT`, `_SIGNER_ADDRESS`; {HttpError} `HTTP_LISTEN_FAILED` */
  async start(): Promise<void> {
    const rollup = await this.#modules.da.rollup(fieldToHex(this.#domain.rollupId));
    if (!rollup) throw new RelayError("RELAY_DEPLOYMENT", { what: "rollup id" });
    if (rollup.domain !== domainHash(this.#domain))
      throw new RelayError("RELAY_DEPLOYMENT", { what: "domain" });
    this.#parts = await this.#group.open((opened) => this.#open(opened));
    await this.#group.start();
  }

  async stop(): Promise<void> {
    await this.#group.stop();
  }

  /** `http://127.0.0.1:7100`, while it runs. */
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
    if (!this.#parts) throw new TypeError("the relay does not run");
    return this.#parts;
  }

  async #open(opened: Opened): Promise<Parts> {
    const { genesis, dataDirectory } = this.#options;
    const directory = await openDataDirectory({
      path: dataDirectory,
      role: "relay",
      schema: RELAY_SCHEMA,
      network: genesisHash(genesis),
    });
    opened("data directory", () => directory.close());
    const metrics = createRelayMetrics(this.#modules.register);
    const onFailure = () => metrics.storeFailures.inc();
    const records = await openRecordStore(directory.file("certificates"), { onFailure });
    opened("store", () => records.close());
    const peerKey = await readOrMakePeerKey(directory.file("peer-key"));
    return this.#assemble(new RelayStore(records), peerKey, metrics);
  }

  #assemble(store: RelayStore, key: PeerKey, metrics: RelayMetrics): Parts {
    const { log } = this.#modules;
    const faults = new ValidatorFaults({ log, metrics });
    const gatherer = this.#gatherer(store, faults, metrics, (record, attestations) =>
      pipeline.certify(record, attestations),
    );
    const gossip = this.#gossip(gatherer, store, key);
    gatherer.connect(gossip);
    const pipeline = this.#pipeline(store, gatherer, metrics);
    const follower = this.#follower(store, pipeline, metrics);
    metrics.setCollectors({
      gathering: () => gatherer.gathering,
      peers: () => gossip.connected.length,
      margin: () => gatherer.margin,
      silence: () => follower.silentMs / 1_000,
    });
    const parts = { store, gossip, gatherer, pipeline, faults, follower };
    const http = this.#http(parts);
    this.#group.add("peer network", gossip);
    this.#group.add("certificates", pipeline);
    this.#group.add("signatures", gatherer);
    this.#group.add("DA chain", follower);
    this.#group.add("clock", this.#clockCheck(metrics));
    this.#group.add("HTTP", http);
    return { ...parts, http };
  }

  #clockCheck({ clockOffset }: RelayMetrics): ClockCheck {
    const { da, clock } = this.#modules;
    return new ClockCheck({ da, clock, onOffset: (seconds) => clockOffset.set(seconds) });
  }

  #pipeline(store: RelayStore, gatherer: Gatherer, metrics: RelayMetrics): RelayPipeline {
    const { da, prover, clock, random, log, crashPoint } = this.#modules;
    const domain = domainHash(this.#domain);
    const setOf = (epoch: bigint) => this.#setOf(epoch);
    const { sequencer } = this.#options.genesis;
    const parts = { da, store, gatherer, prover, setOf, domain, sequencer };
    return new RelayPipeline({ ...parts, clock, random, log, metrics, crashPoint });
  }

  #follower(store: RelayStore, pipeline: RelayPipeline, metrics: RelayMetrics): PageFollower<DaEventPage> {
    const { da, clock, random, log, crashPoint } = this.#modules;
    const currentSet = async () => this.#setOf(await da.currentEpoch());
    return followChain(
      {
        rollup: fieldToHex(this.#domain.rollupId),
        domain: this.#domain,
        sequencer: this.#options.genesis.sequencer,
        pollIntervalMs: this.#options["relay.poll-interval-ms"],
      },
      { da, store, pipeline, currentSet, clock, random, log, metrics, crashPoint },
    );
  }

  #gatherer(
    store: RelayStore,
    faults: ValidatorFaults,
    metrics: RelayMetrics,
    onQuorum: GathererModules["onQuorum"],
  ): Gatherer {
    const { clock, random, log } = this.#modules;
    const options = {
      signers: this.#options["relay.signers"].map(parseSignerAddress),
      askAfterMs: this.#options["relay.ask-after-ms"],
      askIntervalMs: this.#options["relay.ask-interval-ms"],
      silentAfterMs: this.#options["relay.silent-after-ms"],
    };
    return new Gatherer(options, { store, faults, metrics, onQuorum, clock, random, log });
  }

  #gossip(gatherer: Gatherer, store: RelayStore, key: PeerKey): GossipNode {
    const { clock, log } = this.#modules;
    return new GossipNode(
      {
        domain: domainHash(this.#domain),
        listen: this.#options["relay.gossip-listen"],
        peers: this.#options["relay.gossip-peers"],
      },
      {
        key,
        judge: (attestation, origin) => gatherer.judge(attestation, origin),
        onGarbage: (origin) => gatherer.garbage(origin),
        holdings: {
          data: async () => undefined, // a relay keeps signatures, not batches
          attestations: (batch: BatchId) => store.kept(batch),
        },
        clock,
        log,
      },
    );
  }

  async #setOf(epoch: bigint): Promise<CheckedSet> {
    const known = this.#sets.get(epoch);
    if (known) return known;
    const checked = await checkedSet(this.#modules.da, epoch, this.#options.genesis.validators);
    this.#sets.set(epoch, checked);
    return checked;
  }

  #gasRoutes(): Route[] {
    const { gasVault: vault, da, log } = this.#modules;
    const { genesis, "relay.signers": signers, "relay.gas-least": least } = this.#options;
    if (!vault || !genesis.gas) return [];
    const urls = signers.map((entry) => parseSignerAddress(entry).url);
    const domain = gasDomainHash(gasDomainOf(genesis));
    const currentSet = async () => this.#setOf(await da.currentEpoch());
    return [gasClaimRoute(new GasCounter({ signers: urls, domain, least }, { vault, currentSet, log }))];
  }

  #http(parts: Omit<Parts, "http">): HttpServer {
    const { log, clock, register, da } = this.#modules;
    const { genesis, "relay.http-host": host, "relay.http-port": port } = this.#options;
    const { store, gossip, gatherer, pipeline, faults, follower } = parts;
    const readiness = new Readiness();
    readiness.add("DA chain", () => follower.notReady());
    const routes = relayRoutes({
      store,
      gatherer,
      want: (record, epoch, signature) => pipeline.want(record, epoch, signature),
      info: () => ({
        role: "relay",
        version: "v1",
        domain: fieldToHex(domainHash(this.#domain)),
        genesis: genesisHash(genesis),
        epoch: pipeline.epoch?.toString() ?? null,
        account: da.account,
        peer: gossip.peerId,
        addresses: gossip.addresses,
      }),
      status: () => ({
        gathering: gatherer.gathering,
        peers: gossip.connected.length,
        daSeenMs: follower.seenMs ?? null,
        faults: faults.counts,
      }),
    });
    return createHttpServer(
      { role: "relay", host, port },
      { routes: [...routes, ...this.#gasRoutes()], readiness, register, log, clock },
    );
  }
}

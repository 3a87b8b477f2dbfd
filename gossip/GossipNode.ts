import { type MeshPeer, type Message, TopicValidatorResult } from "@libp2p/gossipsub";
import type { PeerId, Stream } from "@libp2p/interface";
import type { PublicKey, Signature } from "../protocol/index.ts";
import { type Clock, faultOf, type Logger, type Service } from "../service/index.ts";
import type { Verdict } from "./AttestationBook.ts";
import {
  answerBatch,
  askForAttestations,
  askForData,
  BATCH_PROTOCOL,
  type BatchHoldings,
} from "./answerBatch.ts";
import { createNetwork, type Network } from "./createNetwork.ts";
import { GossipError } from "./GossipError.ts";
import { Offences } from "./Offences.ts";
import { encodeIdentity, IDENTITY_BYTES, peerIdentityMessage, provenIdentity } from "./PeerIdentity.ts";
import type { PeerKey } from "./PeerKey.ts";
import { readAll, writeAll } from "./readAll.ts";
import {
  type BatchKey,
  decodeAttestation,
  encodeAttestation,
  type SignedAttestation,
} from "./SignedAttestation.ts";
import { StaticPeers } from "./StaticPeers.ts";
import { unlessAborted } from "./unlessAborted.ts";

/** A peer says which validator it is. One answer a stream; the question is always the same. */
const IDENTITY_PROTOCOL = "/zeko/identity/1";
const WHO = Uint8Array.of(1);

export type GossipOptions = {
  /** `domainHash`: nodes of different deployments share no topic. */
  readonly domain: bigint;
  /** Multiaddresses to listen on; `/ip4/127.0.0.1/tcp/0` by default. */
  readonly listen?: readonly string[];
  /** Multiaddresses of peers to stay connected with. */
  readonly peers: readonly string[];
  /** Pause between two looks at the connections; 2 s by default. */
  readonly reconnectMs?: number;
  /** For one question to one peer; 20 s by default. */
  readonly askTimeoutMs?: number;
  /** Questions for batches answered at a time, over all peers: each answer is in memory as a whole. 16 by default. */
  readonly maxAnswers?: number;
};

/** Who sent something, as far as it has proved. */
export interface Origin {
  readonly peer: string;
  readonly validator: PublicKey | undefined;
  /** Whether we asked for it: then it may well be what we have already. */
  readonly asked: boolean;
}

export type GossipModules = {
  readonly key: PeerKey;
  /** Asked about each attestation before it is passed on. */
  readonly judge: (attestation: SignedAttestation, origin: Origin) => Verdict;
  /** Told of bytes on the topic that are no attestation, after the peer has been scored down. */
  readonly onGarbage?: (origin: Origin, error: GossipError) => void;
  readonly holdings: BatchHoldings;
  /** A validator's key, which vouches for the peer id; observers have none. */
  readonly validator?: {
    readonly publicKey: PublicKey;
    readonly sign: (fields: readonly bigint[]) => Signature;
  };
  readonly clock: Clock;
  readonly log: Logger;
};

/** A node in the network of validators and relays: passes attestations on, gives and fetches batches. */
export class GossipNode implements Service {
  readonly #options: Required<GossipOptions>;
  readonly #modules: GossipModules;
  readonly #topic: string;
  readonly #stopped = new AbortController();
  /** Wrong and missing answers by peer; the most reliable is asked first. Forgotten when it leaves. */
  readonly #wrong = new Map<string, number>();
  readonly #validators = new Map<string, PublicKey>();
  readonly #offences: Offences;
  readonly #mesh = new Set<string>();
  #answering = 0;
  #network: Network | undefined;
  #peers: StaticPeers | undefined;
  #identity: Uint8Array | undefined;

  constructor(options: GossipOptions, modules: GossipModules) {
    this.#options = {
      listen: ["/ip4/127.0.0.1/tcp/0"],
      reconnectMs: 2_000,
      askTimeoutMs: 20_000,
      maxAnswers: 16,
      ...options,
    };
    this.#modules = modules;
    this.#offences = new Offences(modules.clock);
    this.#topic = `/zeko/attest/1/${options.domain.toString(16)}`;
  }

  /** @throws {GossipError} `GOSSIP_ADDRESS` */
  async start(): Promise<void> {
    const { listen, peers, reconnectMs } = this.#options;
    const { key, clock, log } = this.#modules;
    const static_ = new StaticPeers({ addresses: peers, reconnectMs }, { clock, log });
    const network = await createNetwork({ key, listen, topic: this.#topic });
    this.#network = network;
    this.#identity = this.#makeIdentity(network.peerId.toString());
    network.services.pubsub.topicValidators.set(this.#topic, (_, message) => this.#validate(message));
    this.#watchMesh(network);
    network.addEventListener("peer:connect", ({ detail }) => void this.#askIdentity(detail));
    network.addEventListener("peer:disconnect", ({ detail }) => {
      this.#validators.delete(detail.toString());
      this.#wrong.delete(detail.toString());
    });
    await network.handle(
      BATCH_PROTOCOL,
      (stream) => this.#serve(stream, (signal) => this.#answer(stream, signal)),
      {
        maxInboundStreams: 8,
      },
    );
    await network.handle(
      IDENTITY_PROTOCOL,
      (stream) => this.#serve(stream, (signal) => this.#identify(stream, signal)),
      {
        maxInboundStreams: 2,
      },
    );
    await network.start();
    network.services.pubsub.subscribe(this.#topic);
    this.#peers = static_;
    static_.start(network);
    log.info("peer network up", { peer: network.peerId.toString(), addresses: this.addresses });
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#peers?.stop();
    const network = this.#network;
    this.#network = undefined;
    await network?.stop();
  }

  /** Where others can dial this node, its peer id included. */
  get addresses(): string[] {
    return this.#network?.getMultiaddrs().map(String) ?? [];
  }

  get peerId(): string | undefined {
    return this.#network?.peerId.toString();
  }

  /** Peer ids that a connection is open with. */
  get connected(): string[] {
    return this.#network?.getPeers().map(String) ?? [];
  }

  /** Peers that listen to attestations of this deployment. */
  get listeners(): string[] {
    return this.#network?.services.pubsub.getSubscribers(this.#topic).map(String) ?? [];
  }

  /** The validator that a connected peer has proved to be. */
  validatorOf(peer: string): PublicKey | undefined {
    return this.#validators.get(peer);
  }

  /** Peers that attestations are passed on to as they come. */
  get meshed(): string[] {
    return [...this.#mesh];
  }

  /** Sends to every peer that listens. @returns how many that were */
  async publish(attestation: SignedAttestation): Promise<number> {
    return await this.publishBytes(encodeAttestation(attestation));
  }

  /** {@link publish} for bytes as they are; tests use it to misbehave. */
  async publishBytes(bytes: Uint8Array): Promise<number> {
    if (!this.#network) return 0;
    const { recipients } = await this.#network.services.pubsub.publish(this.#topic, bytes);
    return recipients.length;
  }

  /**
   * Asks peers for a batch, one after the other, until one gives the right bytes.
   * @param isRight compares bytes with the batch's commitment
   * @throws {GossipError} `PEERS_LACK_BATCH`
   */
  async fetchData(batch: BatchKey, isRight: (data: Uint8Array) => boolean): Promise<Uint8Array> {
    let asked = 0;
    let wrong = 0;
    for (const peer of this.#byReliability()) {
      asked++;
      try {
        const data = await this.#ask(peer, (stream, signal) => askForData(stream, batch, signal));
        if (!data) continue;
        if (isRight(data)) return data;
        throw new GossipError("PEER_ANSWER", { peer: peer.toString(), what: "wrong bytes" });
      } catch (error) {
        if (error instanceof GossipError) wrong++;
        this.#blame(peer, error);
      }
    }
    throw new GossipError("PEERS_LACK_BATCH", { batch, asked, wrong });
  }

  /** Asks every peer for attestations and hands each to `judge`. */
  async collect(batch: BatchKey): Promise<void> {
    await Promise.all(this.#byReliability().map((peer) => this.#collectFrom(peer, batch)));
  }

  async #collectFrom(peer: PeerId, batch: BatchKey): Promise<void> {
    try {
      const found = await this.#ask(peer, (stream, signal) => askForAttestations(stream, batch, signal));
      for (const attestation of found) {
        if (attestation.batch === batch) this.#modules.judge(attestation, this.#origin(peer, true));
      }
    } catch (error) {
      this.#blame(peer, error);
    }
  }

  #origin(peer: PeerId, asked = false): Origin {
    const name = peer.toString();
    return { peer: name, validator: this.#validators.get(name), asked };
  }

  #validate(message: Message): TopicValidatorResult {
    if (message.type !== "signed") return TopicValidatorResult.Reject;
    const origin = this.#origin(message.from);
    if (this.#offences.isIgnored(origin.peer)) return TopicValidatorResult.Reject;
    const result = this.#resultOf(message.data, origin);
    if (result === TopicValidatorResult.Reject) this.#offences.note(origin.peer);
    return result;
  }

  #resultOf(bytes: Uint8Array, origin: Origin): TopicValidatorResult {
    try {
      const verdict = this.#modules.judge(decodeAttestation(bytes), origin);
      switch (verdict.kind) {
        case "kept":
          return TopicValidatorResult.Accept;
        case "waiting":
          return TopicValidatorResult.Ignore;
        case "refused":
          // A repeat may be a restart's second word; it is not passed on, and that is all.
          return verdict.fault === "repeat" ? TopicValidatorResult.Ignore : TopicValidatorResult.Reject;
      }
    } catch (error) {
      if (!(error instanceof GossipError)) throw error;
      this.#modules.onGarbage?.(origin, error);
      return TopicValidatorResult.Reject;
    }
  }

  #watchMesh(network: Network): void {
    const { pubsub } = network.services;
    pubsub.addEventListener("gossipsub:graft", ({ detail }: CustomEvent<MeshPeer>) =>
      this.#mesh.add(detail.peerId),
    );
    pubsub.addEventListener("gossipsub:prune", ({ detail }: CustomEvent<MeshPeer>) =>
      this.#mesh.delete(detail.peerId),
    );
  }

  #byReliability(): PeerId[] {
    const wrong = (peer: PeerId) => this.#wrong.get(peer.toString()) ?? 0;
    return (this.#network?.getPeers() ?? []).sort((a, b) => wrong(a) - wrong(b));
  }

  #blame(peer: PeerId, error: unknown): void {
    const name = peer.toString();
    // Also one that gave nothing in its time: it would hold us up again. Nobody but us is told.
    this.#wrong.set(name, (this.#wrong.get(name) ?? 0) + 1);
    this.#modules.log.debug("peer gave no answer", { peer: name, ...faultOf(error) });
  }

  async #ask<T>(
    peer: PeerId,
    conversation: (stream: Stream, signal: AbortSignal) => Promise<T>,
    protocol = BATCH_PROTOCOL,
  ): Promise<T> {
    const signal = this.#deadline();
    const stream = await this.#network!.dialProtocol(peer, protocol, { signal });
    try {
      return await within(stream, signal, () => conversation(stream, signal));
    } catch (error) {
      // Whatever is still on its way is not wanted; a stream left open would hold its buffers.
      stream.abort(error instanceof Error ? error : new Error("given up"));
      throw error;
    }
  }

  async #serve(stream: Stream, answer: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const signal = this.#deadline();
    try {
      await within(stream, signal, () => answer(signal));
    } catch (error) {
      stream.abort(error instanceof Error ? error : new Error("refused"));
      this.#modules.log.debug("question refused", faultOf(error));
    }
  }

  #deadline(): AbortSignal {
    return AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(this.#options.askTimeoutMs)]);
  }

  async #answer(stream: Stream, signal: AbortSignal): Promise<void> {
    // Cut off rather than told that there is nothing: who asks comes again, or asks another.
    if (this.#answering >= this.#options.maxAnswers) throw new Error("busy");
    this.#answering++;
    try {
      await answerBatch(stream, this.#modules.holdings, signal);
    } finally {
      this.#answering--;
    }
  }

  async #identify(stream: Stream, signal: AbortSignal): Promise<void> {
    await readAll(stream, WHO.length);
    await writeAll(stream, this.#identity ?? new Uint8Array(), signal);
  }

  #makeIdentity(peerId: string): Uint8Array | undefined {
    const { validator } = this.#modules;
    if (!validator) return undefined;
    const signature = validator.sign([peerIdentityMessage(this.#options.domain, peerId)]);
    return encodeIdentity({ publicKey: validator.publicKey, signature });
  }

  async #askIdentity(peer: PeerId): Promise<void> {
    try {
      const bytes = await this.#ask(
        peer,
        async (stream, signal) => {
          // Something must be said first: libp2p sends the protocol's name with our first byte.
          await writeAll(stream, WHO, signal);
          return (await readAll(stream, IDENTITY_BYTES)) ?? new Uint8Array();
        },
        IDENTITY_PROTOCOL,
      );
      const key = provenIdentity(bytes, this.#options.domain, peer.toString());
      if (key) this.#validators.set(peer.toString(), key);
    } catch (error) {
      this.#modules.log.debug("peer has no identity", { peer: peer.toString(), ...faultOf(error) });
    }
  }
}

/** Resets the stream when time is up, and waits no longer for whatever reads or writes it. */
async function within<T>(stream: Stream, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const cut = () => stream.abort(new Error("time is up"));
  signal.addEventListener("abort", cut, { once: true });
  try {
    return await unlessAborted(work(), signal);
  } finally {
    signal.removeEventListener("abort", cut);
  }
}

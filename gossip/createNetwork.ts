import { type GossipSub, gossipsub } from "@libp2p/gossipsub";
import { type Identify, identify } from "@libp2p/identify";
import type { Libp2p, ServiceMap } from "@libp2p/interface";
import { noise } from "@libp2p/noise";
import { tcp } from "@libp2p/tcp";
import { yamux } from "@libp2p/yamux";
import { createLibp2p } from "libp2p";
import type { PeerKey } from "./PeerKey.ts";
import { ATTESTATION_BYTES } from "./SignedAttestation.ts";

export interface NetworkServices extends ServiceMap {
  identify: Identify;
  pubsub: GossipSub;
}
export type Network = Libp2p<NetworkServices>;

/** Peers that a node keeps connections with. A set has at most 64 validators, with some relays and sequencers. */
const MAX_PEERS = 128;

/** A libp2p node on TCP, not started: noise, yamux, gossipsub on one topic and no other. */
export function createNetwork(options: {
  readonly key: PeerKey;
  readonly listen: readonly string[];
  readonly topic: string;
}): Promise<Network> {
  return createLibp2p<NetworkServices>({
    start: false,
    privateKey: options.key,
    addresses: { listen: [...options.listen] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionManager: {
      maxConnections: MAX_PEERS,
      // Several nodes of one host come back together after a restart; the default of 5 a second would refuse them.
      inboundConnectionThreshold: MAX_PEERS,
      maxIncomingPendingConnections: MAX_PEERS,
      reconnectRetries: 0, // static peers are dialled again by our own clock
    },
    services: {
      identify: identify(),
      pubsub: gossipsub({
        allowedTopics: [options.topic],
        allowPublishToZeroTopicPeers: true,
        // Every peer at once: sets are small, and an attestation is worth more the earlier it comes.
        floodPublish: true,
        // Signed by peers: a fault is put to its origin, not to whoever passed it on.
        globalSignaturePolicy: "StrictSign",
        maxInboundDataLength: 4 * ATTESTATION_BYTES,
        asyncValidation: false,
        canRelayMessage: true,
        messageProcessingConcurrency: 4,
        scoreParams: scoring(options.topic),
      }),
    },
  });
}

/**
 * Only refused messages count, squared: the third within a minute puts a peer below gossipsub's graylist threshold
 * (−80), and it is heard again minutes later. Addresses do not count, since a devnet has them all on one.
 */
function scoring(topic: string) {
  const neutral = {
    timeInMeshWeight: 0,
    timeInMeshQuantum: 1,
    timeInMeshCap: 1,
    firstMessageDeliveriesWeight: 0,
    firstMessageDeliveriesDecay: 0.5,
    firstMessageDeliveriesCap: 1,
    meshMessageDeliveriesWeight: 0,
    meshMessageDeliveriesDecay: 0.5,
    meshMessageDeliveriesCap: 1,
    meshMessageDeliveriesThreshold: 1,
    meshMessageDeliveriesWindow: 10,
    meshMessageDeliveriesActivation: 1_000,
    meshFailurePenaltyWeight: 0,
    meshFailurePenaltyDecay: 0.5,
  };
  return {
    IPColocationFactorWeight: 0,
    IPColocationFactorThreshold: MAX_PEERS,
    topics: {
      [topic]: {
        ...neutral,
        topicWeight: 1,
        invalidMessageDeliveriesWeight: -10,
        invalidMessageDeliveriesDecay: 0.98, // a second: half is left after 35 s
      },
    },
  };
}

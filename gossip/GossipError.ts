import { errorClass } from "../protocol/index.ts";

export const gossipFaults = {
  GOSSIP_MALFORMED: {
    remedy: "final",
    message: ({ what }: { what: string }) => `Not an attestation: ${what}`,
    advice: "The peer that sent it runs other software or lies. It is scored down by itself.",
  },
  GOSSIP_ADDRESS: {
    remedy: "final",
    message: ({ address }: { address: string }) => `${address} is not a TCP multiaddress`,
    advice: "Write peers as /ip4/10.0.0.7/tcp/4001, or with /p2p/<peer id> behind it to pin the peer.",
  },
  GOSSIP_KEY: {
    remedy: "final",
    message: ({ file }: { file: string }) => `${file} is no peer key`,
    advice: "Restore the file, or remove it: the node then makes a new key and has a new peer id.",
  },
  PEERS_LACK_BATCH: {
    remedy: "retry",
    message: ({ batch, asked, wrong }: { batch: string; asked: number; wrong: number }) =>
      `None of ${asked} peers gave the bytes of batch ${batch} (${wrong} gave wrong ones)`,
    advice: "Peers are asked again by themselves. If it stays so, add peers to gossip.peers.",
  },
  SET_MISMATCH: {
    remedy: "retry",
    message: ({ epoch }: { epoch: bigint }) =>
      `The DA node's validator set of epoch ${epoch} is not the true one`,
    advice: "Use another DA node, and check that the genesis file is this deployment's.",
  },
  PEER_ANSWER: {
    remedy: "retry",
    message: ({ peer, what }: { peer: string; what: string }) => `Peer ${peer}: ${what}`,
    advice: "The next peer is asked by itself.",
  },
} as const;

/** Something went wrong between peers. */
export class GossipError extends errorClass("GossipError", gossipFaults) {}

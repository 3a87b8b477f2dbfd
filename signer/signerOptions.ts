import type { OptionGroup } from "../service/index.ts";

/** Options of `zeko signer`: flag, environment, help and docs are read from here. */
export const signerOptions = {
  "signer.http-host": {
    type: "string",
    default: "127.0.0.1",
    description: "Address that the HTTP server listens on",
  },
  "signer.http-port": {
    type: "integer",
    default: 7_001,
    min: 0,
    max: 65_535,
    description: "Port of the HTTP server; 0 picks a free one",
  },
  "signer.gossip-listen": {
    type: "list",
    default: ["/ip4/127.0.0.1/tcp/0"],
    description: "Multiaddresses to listen on for peers",
  },
  "signer.gossip-peers": {
    type: "list",
    default: [],
    description:
      "Multiaddresses of validators and relays to stay connected with; /p2p/<peer id> behind one pins it",
  },
  "signer.poll-interval-ms": {
    type: "integer",
    default: 500,
    min: 50,
    description: "Pause between two looks at an unchanged DA chain, in milliseconds",
  },
  "signer.max-pending": {
    type: "integer",
    default: 256,
    min: 1,
    description: "Batches under way above which the chain is not read on",
  },
  "signer.max-forks": {
    type: "integer",
    // One for each block that L1 may take back, one for each batch that may wait for L1, and as many again for a start after
    // more blocks than a Mina node remembers, which begins to watch L1 anew.
    default: 1_024,
    min: 1,
    description: "States held that are not final yet, rivals included",
  },
} as const satisfies OptionGroup;

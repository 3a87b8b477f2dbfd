import { MIN_GAS_LOCK } from "../protocol/index.ts";
import type { OptionGroup } from "../service/index.ts";

/** Options of `zeko relay`: flag, environment, help and docs are read from here. */
export const relayOptions = {
  "relay.http-host": {
    type: "string",
    default: "127.0.0.1",
    description: "Address that the HTTP server listens on",
  },
  "relay.http-port": {
    type: "integer",
    default: 7_100,
    min: 0,
    max: 65_535,
    description: "Port of the HTTP server; 0 picks a free one",
  },
  "relay.gossip-listen": {
    type: "list",
    default: ["/ip4/127.0.0.1/tcp/0"],
    description: "Multiaddresses to listen on for peers",
  },
  "relay.gossip-peers": {
    type: "list",
    default: [],
    description:
      "Multiaddresses of validators and relays to stay connected with; /p2p/<peer id> behind one pins it",
  },
  "relay.signers": {
    type: "list",
    default: [],
    pattern: /^B62[1-9A-HJ-NP-Za-km-z]{52}=https?:\/\/\S+$/,
    description: "Validators to ask over HTTP, as <public key>=<address>; others are heard by gossip alone",
  },
  "relay.poll-interval-ms": {
    type: "integer",
    default: 500,
    min: 50,
    description: "Pause between two looks at an unchanged DA chain, in milliseconds",
  },
  "relay.ask-after-ms": {
    type: "integer",
    default: 1_000,
    min: 0,
    description: "Time that gossip has before signers are asked for a batch, in milliseconds",
  },
  "relay.ask-interval-ms": {
    type: "integer",
    default: 2_000,
    min: 50,
    description:
      "Pause before a signer is asked again for the same batch, in milliseconds; doubles up to a minute",
  },
  "relay.silent-after-ms": {
    type: "integer",
    default: 60_000,
    min: 100,
    description: "Age of a batch at which validators that have not signed it are named, in milliseconds",
  },
  "relay.gas-least": {
    type: "amount",
    default: MIN_GAS_LOCK,
    description: "Newly certified nanomina for which the relay sends a claim of gas for who has none",
  },
} as const satisfies OptionGroup;

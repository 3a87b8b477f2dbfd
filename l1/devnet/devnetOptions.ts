import type { OptionGroup } from "../../service/index.ts";

/** Options of `zeko devnet`: flag, environment, help and docs are read from here. */
export const devnetOptions = {
  "devnet.host": {
    type: "string",
    default: "127.0.0.1",
    description: "Address to listen on. Anybody who can reach it can reorganise the chain",
  },
  "devnet.port": {
    type: "integer",
    default: 8080,
    min: 0,
    max: 65_535,
    description: "Port of GraphQL; 0 picks a free one",
  },
  "devnet.slot-duration-ms": {
    type: "integer",
    default: 3_000,
    min: 20,
    description: "Length of a slot, in milliseconds",
  },
  "devnet.empty-block-slots": {
    type: "integer",
    default: 10,
    min: 0,
    description: "Slots without a block after which an empty one is made; 0 never makes any",
  },
  "devnet.accounts": {
    type: "integer",
    default: 10,
    min: 0,
    max: 100,
    description: "Test accounts that genesis funds",
  },
  "devnet.account-balance": {
    type: "amount",
    default: 1_000_000_000_000_000n,
    max: 10_000_000_000_000_000n,
    description: "Balance of each test account, in nanomina",
  },
  "devnet.check-proofs": {
    type: "boolean",
    default: true,
    description: "False takes any proof for a good one: only for tests of what has nothing to do with proofs",
  },
} as const satisfies OptionGroup;

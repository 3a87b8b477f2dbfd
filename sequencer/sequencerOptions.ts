import type { OptionGroup } from "../service/index.ts";

/** Options of `zeko sequencer`: flag, environment, help and docs are read from here. */
export const sequencerOptions = {
  "sequencer.http-host": {
    type: "string",
    default: "127.0.0.1",
    description: "Address to listen on. POST /v1/batch, which closes a batch, is served on loopback only",
  },
  "sequencer.http-port": {
    type: "integer",
    default: 8081,
    min: 0,
    max: 65_535,
    description: "Port of GraphQL, status and metrics; 0 picks a free one",
  },
  "sequencer.l1-url": {
    type: "url",
    required: true,
    description: "GraphQL endpoint of a Mina node: commits go there, accepted batches are read there",
  },
  "sequencer.l1-archive-url": {
    type: "url",
    description: "GraphQL endpoint of a Mina archive node; the same as the node's where it is not given",
  },
  "sequencer.da-url": {
    type: "url",
    required: true,
    description: "JSON-RPC endpoint of a DA chain node",
  },
  "sequencer.da-fee-float": {
    type: "amount",
    default: 1_000_000_000_000_000_000n,
    max: 1_000_000_000_000_000_000_000n,
    description:
      "Most that is prepaid for posting and not used, in the DA chain's smallest unit; 0: somebody else prepays",
  },
  "sequencer.relay-url": {
    type: "url",
    required: true,
    description: "Relay that serves certificates and quorum proofs",
  },
  "sequencer.recovery-url": {
    type: "url",
    description: "Validator whose copy a database is rebuilt from that does not know the state on L1",
  },
  "sequencer.fee-recipient": {
    type: "string",
    required: true,
    pattern: /^B62[1-9A-HJ-NP-Za-km-z]{52}$/,
    description: "Existing L2 account that gets every batch's fees",
  },
  "sequencer.minimum-fee": {
    type: "amount",
    default: 1_000_000n,
    max: 1_000_000_000_000n,
    description: "Least fee of an L2 transaction, in nanomina; Mina's own by default",
  },
  "sequencer.pool-transactions": {
    type: "integer",
    default: 4_096,
    min: 1,
    max: 100_000,
    description: "Transactions that may wait for a block",
  },
  "sequencer.pool-per-sender": {
    type: "integer",
    default: 256,
    min: 1,
    max: 10_000,
    description: "Transactions of one fee payer that may wait, and how far a nonce may be ahead",
  },
  "sequencer.pool-wait-ms": {
    type: "integer",
    default: 1_800_000,
    min: 1_000,
    max: 604_800_000,
    description: "Time that a transaction may wait for those with earlier nonces, in milliseconds",
  },
  "sequencer.block-interval-ms": {
    type: "integer",
    default: 2_000,
    min: 20,
    max: 3_600_000,
    description: "Pause between two L2 blocks, in milliseconds; no block is made of nothing",
  },
  "sequencer.blocks-per-batch": {
    type: "integer",
    default: 32,
    min: 1,
    max: 4_096,
    description: "L2 blocks after which a batch closes",
  },
  "sequencer.batch-age-ms": {
    type: "integer",
    default: 600_000,
    min: 100,
    max: 86_400_000,
    description: "Age of its first block at which a batch closes anyway, in milliseconds",
  },
  "sequencer.batch-updates": {
    type: "integer",
    default: 1_000,
    min: 1,
    max: 50_000,
    description: "Account updates after which a batch closes anyway: proving takes some two seconds each",
  },
  "sequencer.open-batches": {
    type: "integer",
    default: 32,
    min: 1,
    max: 200,
    description: "Batches that may wait for L1 before no further one is closed",
  },
  "sequencer.poll-interval-ms": {
    type: "integer",
    default: 1_000,
    min: 10,
    max: 600_000,
    description: "Pause between two looks at relay, DA chain and L1, in milliseconds",
  },
  "sequencer.finality-depth": {
    type: "integer",
    default: 290,
    min: 1,
    max: 290,
    description: "L1 blocks on top of its own after which an accepted batch is final; Mina's k by default",
  },
  "sequencer.commit-fee": {
    type: "amount",
    default: 100_000_000n,
    max: 100_000_000_000n,
    description: "Fee of a commit on L1, in nanomina; a commit that is built again offers half as much more",
  },
} as const satisfies OptionGroup;

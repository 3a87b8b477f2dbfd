import type { Command } from "./Command.ts";

/** Every command but `help` and `config dump`, which speak of these. */
export const commands: readonly Command[] = [
  {
    name: "signer",
    summary: "Runs a validator: keeps batch data, checks it, attests to it",
    load: async () => (await import("../roles/signer.ts")).signer,
  },
  {
    name: "relay",
    summary: "Runs a relay: gathers attestations, records and proves certificates",
    load: async () => (await import("../roles/relay.ts")).relay,
  },
  {
    name: "sequencer",
    summary: "Runs a sequencer: takes L2 transactions, posts and settles batches",
    load: async () => (await import("../roles/sequencer.ts")).sequencer,
  },
  {
    name: "devnet",
    summary: "Runs a local Mina network: GraphQL, slots, archive, forced reorganisations",
    load: async () => (await import("../roles/devnet.ts")).devnet,
  },
  {
    name: "keys new",
    summary: "Makes a key and writes it encrypted to <file>, its address to <file>.pub",
    arguments: "<file>",
    positionals: [1, 1],
    load: async () => (await import("../keys/keysNew.ts")).keysNew,
  },
  {
    name: "keys import",
    summary: "Encrypts a private key from standard input, or typed, into <file>",
    arguments: "<file>",
    positionals: [1, 1],
    load: async () => (await import("../keys/keysImport.ts")).keysImport,
  },
  {
    name: "keys show",
    summary: "Opens an encrypted key file and prints its address",
    arguments: "<file>",
    positionals: [1, 1],
    load: async () => (await import("../keys/keysShow.ts")).keysShow,
  },
  {
    name: "chain init",
    summary: "Writes the home of a node of the DA chain, from a genesis file",
    arguments: "<home>",
    positionals: [1, 1],
    load: async () => (await import("../chain/chainInit.ts")).chainInit,
  },
  {
    name: "validator propose",
    summary: "Writes a proposal of other validators, from a list of members",
    arguments: "<members.json> <proposal.json>",
    positionals: [2, 2],
    load: async () => (await import("../validator/validatorPropose.ts")).validatorPropose,
  },
  {
    name: "validator approve",
    summary: "Signs a proposal as a member of the current set",
    arguments: "<proposal.json>",
    positionals: [1, 1],
    load: async () => (await import("../validator/validatorApprove.ts")).validatorApprove,
  },
  {
    name: "validator possess",
    summary: "Signs as a member of the next set, once our own signer has read the state from disk again",
    arguments: "<proposal.json>",
    positionals: [1, 1],
    load: async () => (await import("../validator/validatorPossess.ts")).validatorPossess,
  },
  {
    name: "validator rotate",
    summary: "Puts copies of a signed proposal together, sends it to Mina, then to the DA chain",
    arguments: "<proposal.json> [<copy.json> …]",
    positionals: [1, 64],
    load: async () => (await import("../validator/validatorRotate.ts")).validatorRotate,
  },
  {
    name: "validator status",
    summary: "Prints the validator set on Mina and on the DA chain, and whether they agree",
    arguments: "[<proposal.json>]",
    positionals: [0, 1],
    load: async () => (await import("../validator/validatorStatus.ts")).validatorStatus,
  },
  {
    name: "validator claim",
    summary: "Settles the fees of batches that a validator signed, and pays them out",
    load: async () => (await import("../validator/validatorClaim.ts")).validatorClaim,
  },
  {
    name: "verify certificate",
    summary:
      "Checks a downloaded certificate: offline in the first epoch, with a node's word on the set in later ones",
    arguments: "<certificate.json>",
    positionals: [1, 1],
    load: async () => (await import("../verify/verifyCertificateCommand.ts")).verifyCertificateCommand,
  },
  {
    name: "verify batch",
    summary: "Checks downloaded batch bytes against their certificate, and that one likewise",
    arguments: "<batch.bin>",
    positionals: [1, 1],
    load: async () => (await import("../verify/verifyBatchCommand.ts")).verifyBatchCommand,
  },
  {
    name: "gas deposit",
    summary: "Locks MINA on L1 and has it paid out as gas of the DA chain; nothing comes back",
    load: async () => (await import("../gas/gasDeposit.ts")).gasDeposit,
  },
  {
    name: "gas claim",
    summary: "Has the gas paid out that validators certify for a recipient",
    load: async () => (await import("../gas/gasClaim.ts")).gasClaim,
  },
  {
    name: "gas status",
    summary: "Prints what is locked, certified and paid for a recipient of gas",
    load: async () => (await import("../gas/gasStatus.ts")).gasStatus,
  },
  {
    name: "doctor",
    summary: "Walks the pipeline, read-only, and names the first broken link",
    load: async () => (await import("../doctor/doctor.ts")).doctor,
  },
];

/** First words of option names that some command reads; a command leaves alone those that are not its own. */
export const namespaces: readonly string[] = [
  "signer",
  "relay",
  "sequencer",
  "devnet",
  "da",
  "l1",
  "gossip",
  "genesis",
  "cache",
  "log",
  "key",
  "password",
  "prover",
  "doctor",
  "chain",
  "gas",
  "validator",
  "verify",
];

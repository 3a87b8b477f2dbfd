import { errorClass } from "../../protocol/index.ts";

export const devnetFaults = {
  DEVNET_COMMAND_MALFORMED: {
    remedy: "final",
    message: (d: { reason: string }) => `No node would take this command: ${d.reason}`,
    advice:
      "Build commands with o1js or mina-signer 3.1 for the network id devnet, and do not edit them by hand.",
  },
  DEVNET_COMMAND_TOO_COSTLY: {
    remedy: "final",
    message: (d: { what: "proving cost" | "event elements" | "action elements"; limit: number }) =>
      `The command exceeds Mina's limit of ${d.limit} in ${d.what}`,
    advice: "Split the command; docs/devnet.md has the cost formula.",
  },
  DEVNET_FEE_TOO_LOW: {
    remedy: "final",
    message: (d: { fee: bigint; minimum: bigint }) =>
      `The fee is ${d.fee} nanomina, the least is ${d.minimum}`,
    advice: "Raise the fee and sign again.",
  },
  DEVNET_SIGNATURE_INVALID: {
    remedy: "final",
    message: (d: { reason: string }) => `A signature is not valid: ${d.reason}`,
    advice: "Sign after the last change to the command, with network id devnet: others sign differently.",
  },
  DEVNET_PROOF_INVALID: {
    remedy: "final",
    message: (d: { update: number }) => `The proof of account update ${d.update} does not verify`,
    advice: "Prove again: the proof is of another program, of other account updates, or damaged.",
  },
  DEVNET_VERIFICATION_KEY_INVALID: {
    remedy: "final",
    message: (d: { update: number }) =>
      `The verification key that account update ${d.update} sets is not one`,
    advice: "Data and hash must belong together. Take both from `compile`.",
  },
  DEVNET_VERIFICATION_KEY_MISMATCH: {
    remedy: "final",
    message: (d: { update: number }) =>
      `The account of account update ${d.update} has no verification key of the hash that the update names`,
    advice: "Deploy the contract first, or compile the version that is deployed.",
  },
  DEVNET_NONCE_WRONG: {
    remedy: "final",
    message: (d: { nonce: number; expected: number }) =>
      `The fee payer's nonce is ${d.nonce}, the next is ${d.expected}`,
    advice: "Read the account again and sign with its nonce.",
  },
  DEVNET_BALANCE_TOO_LOW: {
    remedy: "final",
    message: (d: { balance: bigint; fees: bigint }) =>
      `The fee payer has ${d.balance} nanomina, its waiting commands cost ${d.fees}`,
    advice: "Fund the account, for instance with POST /v1/dev/fund.",
  },
  DEVNET_EXPIRED: {
    remedy: "final",
    message: (d: { validUntil: number; slot: number }) =>
      `Valid until slot ${d.validUntil}, but it is slot ${d.slot}`,
    advice: "Sign again with a later slot, or none.",
  },
  DEVNET_DUPLICATE: {
    remedy: "final",
    message: (d: { hash: string }) => `The command ${d.hash} is known already`,
    advice: "Nothing to do: ask for its status.",
  },
  DEVNET_REPLACEMENT_TOO_CHEAP: {
    remedy: "final",
    message: (d: { nonce: number; minimum: bigint }) =>
      `A command of nonce ${d.nonce} waits; one in its place must pay ${d.minimum} nanomina`,
    advice: "Raise the fee, or wait.",
  },
  DEVNET_POOL_FULL: {
    remedy: "retry",
    message: (d: { limit: number }) => `${d.limit} commands wait already`,
    advice: "Wait for blocks.",
  },
  DEVNET_REQUEST_MALFORMED: {
    remedy: "final",
    message: (d: { reason: string }) => `Not a request that the devnet understands: ${d.reason}`,
    advice: "The bodies of /v1/dev/… are in docs/devnet.md.",
  },
  DEVNET_REORG_TOO_DEEP: {
    remedy: "final",
    message: (d: { depth: number; blocks: number }) =>
      `Cannot drop ${d.depth} blocks: there are ${d.blocks} above genesis`,
    advice: "Drop fewer.",
  },
  DEVNET_STORE_DIVERGED: {
    remedy: "bug",
    message: (d: { height: number }) =>
      `Replaying block ${d.height} gave another outcome than when it was made`,
    advice: "Delete the devnet's data directory; report it if versions did not change.",
  },
  DEVNET_GENESIS_CHANGED: {
    remedy: "final",
    message: (d: { what: string }) => `The stored chain began with another ${d.what} than configured`,
    advice: "Start with the old setting, or with a new data directory.",
  },
} as const;

/** What the local L1 refuses. */
export class DevnetError extends errorClass("DevnetError", devnetFaults) {}

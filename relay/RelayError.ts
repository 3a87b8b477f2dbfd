import { errorClass } from "../protocol/index.ts";

export const relayFaults = {
  RELAY_DEPLOYMENT: {
    remedy: "final",
    message: ({ what }: { what: string }) => `The DA chain and the genesis file disagree on the ${what}`,
    advice: "Use the genesis file of the deployment that this DA chain and inbox belong to.",
  },
  RELAY_SIGNER_ADDRESS: {
    remedy: "final",
    message: ({ entry }: { entry: string }) => `${entry} does not name a signer`,
    advice: "Write relay.signers as <public key>=<address>, such as B62q…=http://10.0.0.7:7001.",
  },
  RELAY_BATCH_UNKNOWN: {
    remedy: "final",
    message: (_: Record<never, never>) => "This relay has not seen the batch",
    advice: "It is listed once it is sealed on the DA chain. Check the id.",
  },
  RELAY_BATCH_ID: {
    remedy: "retry",
    message: (_: Record<never, never>) => "The header and chunk roots do not make the batch's id",
    advice: "The DA node does not tell the truth about this batch. Use another node.",
  },
  RELAY_NODE_BEHIND: {
    remedy: "retry",
    message: ({ batch }: { batch: string }) =>
      `The DA node does not know batch ${batch}, of which it has an event`,
    advice: "Asked again by itself: nodes behind one address may differ for a moment.",
  },
  RELAY_RENEWAL_SIGNATURE: {
    remedy: "final",
    message: (_: Record<never, never>) =>
      "A certificate of a later set is made for the sequencer alone, and it has not signed this question",
    advice:
      "Sign it with the key that the genesis file names as the sequencer's; see docs/protocol.md#certificate.",
  },
  RELAY_GAS_NOT_YET: {
    remedy: "retry",
    message: (d: { total: bigint; signed: bigint; threshold: bigint }) =>
      `No quorum for gas yet: weight ${d.signed} of ${d.threshold} signs ${d.total} nanomina`,
    advice: "Wait until the lock of MINA is deep enough in L1 for all validators, then ask again.",
  },
  RELAY_GAS_TOO_LITTLE: {
    remedy: "final",
    message: (d: { fresh: bigint; least: bigint }) =>
      `${d.fresh} nanomina of gas are less than the ${d.least} that this relay sends a transaction for`,
    advice:
      "Claim with an account of the DA chain of your own (zeko gas claim --gas.da-key-file), or lock more.",
  },
  RELAY_GAS_BUSY: {
    remedy: "retry",
    message: (_: Record<never, never>) => "Too many claims of gas are under way",
    advice: "Ask again in a few seconds.",
  },
} as const;

/** What keeps a relay from its work. */
export class RelayError extends errorClass("RelayError", relayFaults) {}

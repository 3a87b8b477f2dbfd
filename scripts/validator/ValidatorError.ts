import { errorClass } from "../../protocol/index.ts";

/** What keeps `zeko validator` from going on with a rotation. */
export const validatorFaults = {
  VALIDATOR_FILE_UNREADABLE: {
    remedy: "final",
    message: (d: { file: string; reason: string }) => `Cannot read ${d.file} (${d.reason}).`,
    advice: "Check the path; the file is the proposal that zeko validator propose has written.",
  },
  VALIDATOR_FILES_DIFFER: {
    remedy: "final",
    message: (d: { file: string }) => `${d.file} is of another rotation than the first file.`,
    advice: "Only copies of one proposal can be put together.",
  },
  VALIDATOR_OTHER_DEPLOYMENT: {
    remedy: "final",
    message: (_: Record<never, never>) => "The proposal is of another deployment than the genesis file.",
    advice: "Use the genesis file of the rollup whose validators change.",
  },
  VALIDATOR_NOT_IN_FORCE: {
    remedy: "final",
    message: (d: { side: "Mina" | "the DA chain"; epoch: bigint }) =>
      `On ${d.side}, the set of epoch ${d.epoch} that the proposal starts from is not in force.`,
    advice:
      "zeko validator status shows both sides. A rotation came between, or one side lags: propose anew.",
  },
  VALIDATOR_OVER: {
    remedy: "final",
    message: (d: { until: bigint; slot: bigint }) =>
      `The rotation had to land by slot ${d.until}; it is ${d.slot}.`,
    advice:
      "Propose it again with a later slot, for the same members: other ones would be a second rotation.",
  },
  VALIDATOR_UNTIL: {
    remedy: "final",
    message: (d: { until: bigint; latest: bigint }) =>
      `The proposal may land up to slot ${d.until}, far from now.`,
    advice:
      "What is signed can be used until then. Ask for a proposal that ends sooner, or allow it with --validator.horizon.",
  },
  VALIDATOR_STATE_UNKNOWN: {
    remedy: "retry",
    message: (d: { state: string }) => `Nobody here can tell that Mina has accepted the state ${d.state}.`,
    advice: "It is neither Mina's state now, nor before it by the batches that your own signer has checked.",
  },
  VALIDATOR_STATE_NOT_HELD: {
    remedy: "retry",
    message: (d: { state: string }) => `Your signer does not hold the state ${d.state} on its disk.`,
    advice: "Let it catch up, and ask again. It must hold what the next set vouches for.",
  },
  VALIDATOR_NO_MEMBER: {
    remedy: "final",
    message: (d: { which: "current" | "next" }) => `This key is not in the ${d.which} set.`,
    advice: "Members of the current set approve; members of the next one show possession.",
  },
  VALIDATOR_SECOND_PROPOSAL: {
    remedy: "final",
    message: (d: { epoch: bigint }) => `This validator has approved another next set for epoch ${d.epoch}.`,
    advice:
      "Two approved sets for one epoch can end on different chains. If the first one can never be used, because a member of it refuses to show possession: --validator.replace true.",
  },
  VALIDATOR_INCOMPLETE: {
    remedy: "retry",
    message: (d: { approved: bigint; threshold: bigint; missing: readonly number[] }) =>
      `Weight ${d.approved} of ${d.threshold} has approved; members ${d.missing.join(", ") || "none"} of the next set have not shown possession.`,
    advice: "Collect the other copies of the proposal, and name them all.",
  },
  VALIDATOR_FAILED_ON_L1: {
    remedy: "retry",
    message: (d: { hash: string; failures: readonly string[] }) =>
      `Mina took the rotation ${d.hash} without effect: ${d.failures.join(", ")}`,
    advice:
      "zeko validator status shows what has changed since. Run the command again when both sides still hold the current set.",
  },
  VALIDATOR_COMMAND: {
    remedy: "final",
    message: (d: { reason: string }) => `The transaction that was proved is not the rotation: ${d.reason}.`,
    advice: "It was not signed. Do not use that prover until it is known why.",
  },
} as const;

/** A rotation that cannot go on. */
export class ValidatorError extends errorClass("ValidatorError", validatorFaults) {}

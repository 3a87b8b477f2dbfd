import { errorClass } from "../../protocol/index.ts";

type Batch = { batch: string };

/** Why a copy of the rollup's history is not believed. The database is as it was before the batch in question. */
export const recoveryFaults = {
  RECOVERY_NO_SOURCE: {
    remedy: "final",
    message: (d: { accepted: bigint }) =>
      `L1 has accepted the state ${d.accepted}, which this database does not know, and no validator is named`,
    advice: "Name a validator to rebuild from with --sequencer.recovery-url.",
  },
  RECOVERY_LIST_MALFORMED: {
    remedy: "final",
    message: (d: { what: string }) => `The validator's list of batches is malformed: ${d.what}`,
    advice: "Rebuild from another validator.",
  },
  RECOVERY_PATH_MISSING: {
    remedy: "retry",
    message: (d: { state: bigint }) => `The validator has no batch that leads to the state ${d.state}`,
    advice: "It may still be catching up; ask again, or name another validator.",
  },
  RECOVERY_NOT_ON_CHAIN: {
    remedy: "final",
    message: (d: Batch) =>
      `The DA chain does not know the batch ${d.batch} in the form that the validator gives`,
    advice: "The validator's word is not worth anything. Rebuild from another one.",
  },
  RECOVERY_NOT_CERTIFIED: {
    remedy: "final",
    message: (d: Batch) => `The DA chain holds no certificate of the batch ${d.batch}`,
    advice: "L1 accepts certified batches only. Check that DA RPC and L1 endpoint belong to this deployment.",
  },
  RECOVERY_DATA_MISMATCH: {
    remedy: "final",
    message: (d: Batch & { what: string }) =>
      `The bytes given for the batch ${d.batch} are not its own: ${d.what}`,
    advice: "The validator's copy is damaged or it lies. Rebuild from another one.",
  },
  RECOVERY_STATE_MISMATCH: {
    remedy: "final",
    message: (d: Batch & { want: bigint; got: bigint }) =>
      `The batch ${d.batch} leads to the state ${d.got}, not to ${d.want}`,
    advice: "A certified batch must execute. Report this with the batch id.",
  },
} as const;

/** A history that cannot be rebuilt from what a validator gives. */
export class RecoveryError extends errorClass("RecoveryError", recoveryFaults) {}

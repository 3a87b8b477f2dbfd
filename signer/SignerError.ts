import { errorClass } from "../protocol/index.ts";

export const signerFaults = {
  SIGNER_DEPLOYMENT: {
    remedy: "final",
    message: ({ what }: { what: string }) => `The DA chain and the genesis file disagree on the ${what}`,
    advice: "Use the genesis file of the deployment that this DA chain and inbox belong to.",
  },
  SIGNER_BATCH_ID: {
    remedy: "retry",
    message: (_: Record<never, never>) => "The header and chunk roots do not make the batch's id",
    advice: "The DA node does not tell the truth about this batch. Asked again by itself; use another node.",
  },
  SIGNER_NODE_BEHIND: {
    remedy: "retry",
    message: ({ batch }: { batch: string }) =>
      `The DA node does not know batch ${batch}, of which it has an event`,
    advice: "Asked again by itself: nodes behind one address may differ for a moment.",
  },
  SIGNER_POSTER: {
    remedy: "final",
    message: ({ poster }: { poster: string }) => `${poster} may not post for this rollup`,
    advice: "Nothing to do: whoever wants validators to work must be a registered poster.",
  },
  SIGNER_HEADER_SIGNATURE: {
    remedy: "final",
    message: (_: Record<never, never>) => "The header is not signed by the sequencer's Mina key",
    advice: "Nothing to do: only the sequencer that genesis names can make validators work.",
  },
  SIGNER_HEADER_BOUNDS: {
    remedy: "final",
    message: ({ what }: { what: string }) => `The header breaks a limit: ${what}`,
    advice: "Limits are in docs/limits.md; the sequencer must close its batches earlier.",
  },
  SIGNER_DATA_MISSING: {
    remedy: "retry",
    message: ({ wantBytes }: { wantBytes: bigint }) =>
      `Neither the DA node nor a peer gave the ${wantBytes} bytes`,
    advice: "Asked again by itself. If it stays so, use a DA node with full history, or add peers.",
  },
  SIGNER_DATA_MISMATCH: {
    remedy: "final",
    message: ({ what }: { what: string }) =>
      `The bytes are not those that the chain holds the roots of: ${what}`,
    advice: "The bytes were changed on the way. They are fetched anew; look at whoever served them.",
  },
  SIGNER_HEADER_MISMATCH: {
    remedy: "final",
    message: ({ what }: { what: string }) => `The payload and its header disagree on the ${what}`,
    advice: "The batch is worthless and never signed. Ask the sequencer's operator.",
  },
  SIGNER_SOURCE_UNKNOWN: {
    remedy: "retry",
    message: ({ number }: { number: bigint }) => `The state before batch ${number} is not held here`,
    advice: "Looked at again once that state is held. If it never is, the batch follows an invalid one.",
  },
  SIGNER_EXECUTION_MISMATCH: {
    remedy: "final",
    message: ({ what }: { what: string }) =>
      `Executed here, the batch ends at another ${what} than it claims`,
    advice: "The batch is wrong or versions differ; compare with other validators before anything else.",
  },
  SIGNER_STORE_MISMATCH: {
    remedy: "retry",
    message: ({ what }: { what: string }) => `What was read back from disk is not what was written: ${what}`,
    advice: "Nothing was signed. Check the disk now; a validator on a bad disk must stop.",
  },
  SIGNER_NO_MEMBER: {
    remedy: "retry",
    message: ({ epoch }: { epoch: bigint }) => `This validator's key is not in the set of epoch ${epoch}`,
    advice: "Batches are kept and served, not signed. Check the key file, or wait for the rotation.",
  },
  SIGNER_STATE_UNKNOWN: {
    remedy: "retry",
    message: (_: Record<never, never>) => "The state is not on this validator's disk",
    advice:
      "Wait until the signer has caught up. A state from before the last final one is history: propose anew.",
  },
  SIGNER_STATE_BUSY: {
    remedy: "retry",
    message: (_: Record<never, never>) =>
      "Too many wait for this validator to read its states from disk again",
    advice:
      "Ask again in a minute. If it lasts, somebody asks all the time: let nobody but relays and you reach the port.",
  },
  SIGNER_ROTATION_NOT_FINAL: {
    remedy: "retry",
    message: (_: Record<never, never>) =>
      "Mina does not hold this rotation, or not for good yet, as far as this signer has seen",
    advice:
      "Ask again when more blocks are on top of it. A signer needs a Mina node of its own for this: signer.l1-url.",
  },
  SIGNER_BATCH_UNKNOWN: {
    remedy: "final",
    message: (_: Record<never, never>) => "This validator does not hold the batch",
    advice: "Ask another validator, or later.",
  },
  SIGNER_GAS_ACCOUNT: {
    remedy: "retry",
    message: ({ what }: { what: string }) => `The L1 account in which MINA is locked for gas ${what}`,
    advice:
      "Nothing more is certified. Compare genesis with L1; after a hard fork, wait for a release with the new key.",
  },
  SIGNER_GAS_UNBACKED: {
    remedy: "retry",
    message: ({ sum, balance }: { sum: bigint; balance: bigint }) =>
      `Actions say that ${sum} nanomina are locked for gas, the account holds ${balance}`,
    advice: "Nothing more is certified. The Mina node or its archive does not tell the truth; use others.",
  },
  SIGNER_GAS_NONE: {
    remedy: "final",
    message: (_: Record<never, never>) =>
      "No MINA is locked for gas of this recipient, as far as L1 is final",
    advice: "Wait until the lock is deep enough in L1, then ask again.",
  },
} as const;

/** A batch that is not attested to, or not yet. */
export class SignerError extends errorClass("SignerError", signerFaults) {}

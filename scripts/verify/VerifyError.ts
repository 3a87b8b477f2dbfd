import { errorClass } from "../../protocol/index.ts";

/** What `zeko verify` finds wrong beyond what the protocol's own checks name. */
export const verifyFaults = {
  VERIFY_FILE_UNREADABLE: {
    remedy: "final",
    message: ({ file, reason }: { file: string; reason: string }) => `Cannot read ${file} (${reason}).`,
    advice: "Check the path, its permissions and that the download is whole.",
  },
  VERIFY_OTHER_DEPLOYMENT: {
    remedy: "final",
    message: (_: Record<never, never>) => "The certificate is of another deployment than the genesis file.",
    advice: "Use the genesis file of the rollup that the certificate is about.",
  },
  VERIFY_SET_UNKNOWN: {
    remedy: "final",
    message: ({ epoch }: { epoch: bigint }) =>
      `The genesis file names the first validator set; the certificate is of epoch ${epoch}.`,
    advice:
      "Give a node that knows the sets since: --verify.da-url, and --verify.l1-url to have Mina say so too.",
  },
  VERIFY_EPOCH_UNKNOWN: {
    remedy: "retry",
    message: ({ epoch, newest }: { epoch: bigint; newest: bigint }) =>
      `The DA chain has no validator set of epoch ${epoch}; its newest is of epoch ${newest}.`,
    advice:
      "Ask again later if the node lags, or ask another node. Nobody can have signed as a set that there is not.",
  },
  VERIFY_MINA_DIFFERS: {
    remedy: "retry",
    message: ({ field }: { field: string }) =>
      `No validator set that the DA chain lists makes field 6 of the outer account, ${field}.`,
    advice:
      "zeko validator status says which side is ahead. If it is neither, one of the two nodes lies: use others.",
  },
  VERIFY_DATA_MISMATCH: {
    remedy: "final",
    message: ({ what }: { what: string }) =>
      `The bytes are not those that the certificate is about: ${what} differs.`,
    advice: "Get the bytes again, from another validator.",
  },
} as const;

/** A file that does not prove what it should, which ends `zeko verify` with exit code 6; or one that could not be checked. */
export class VerifyError extends errorClass("VerifyError", verifyFaults) {}

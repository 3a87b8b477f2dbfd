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
  VERIFY_DATA_MISMATCH: {
    remedy: "final",
    message: ({ what }: { what: string }) =>
      `The bytes are not those that the certificate is about: ${what} differs.`,
    advice: "Get the bytes again, from another validator.",
  },
} as const;

/** A file that does not prove what it should. Ends `zeko verify` with exit code 6. */
export class VerifyError extends errorClass("VerifyError", verifyFaults) {}

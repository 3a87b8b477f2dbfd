import { errorClass } from "../../protocol/index.ts";

type File = { readonly file: string };

/** Why a key file or a password is refused. Nothing here ever holds key or password. */
export const keyFaults = {
  KEY_FILE_MISSING: {
    remedy: "final",
    message: ({ file }: File) => `There is no key file ${file}.`,
    advice: 'Make one with "zeko keys new <file>".',
  },
  KEY_FILE_EXISTS: {
    remedy: "final",
    message: ({ file }: File) => `${file} exists; a key is never written over.`,
    advice: "Choose another name, or move the old key away.",
  },
  KEY_FILE_OPEN: {
    remedy: "final",
    message: ({ file, mode }: File & { mode: string }) => `${file} is open to other users (mode ${mode}).`,
    advice:
      "chmod 600 the file (700 for the directory it is in). If others may have read a key, make a new one.",
  },
  KEY_FILE_UNUSABLE: {
    remedy: "final",
    message: ({ file, reason }: File & { reason: string }) => `${file} cannot be used (${reason}).`,
    advice: "Check path, owner and disk.",
  },
  KEY_FILE_MALFORMED: {
    remedy: "final",
    message: ({ file, reason }: File & { reason: string }) =>
      `${file} is not an encrypted key file: ${reason}.`,
    advice:
      "Restore the file from a copy. Its format is that of mina-generate-keypair, or a Web3 keystore for DA keys.",
  },
  KEY_PASSWORD_WRONG: {
    remedy: "final",
    message: ({ file }: File) => `The password does not open ${file}, or the file is damaged.`,
    advice: "Try the right password. There is no way to recover a lost one.",
  },
  KEY_PASSWORD_MISSING: {
    remedy: "final",
    message: ({ file }: File) => `No password for ${file}, and no terminal to ask on.`,
    advice: "Give --password-file, or set ZEKO_KEY_PASSWORD or MINA_PRIVKEY_PASS.",
  },
  KEY_PASSWORD_MISMATCH: {
    remedy: "final",
    message: (_: Record<never, never>) => "The two passwords differ.",
    advice: "Type the same password twice.",
  },
  KEY_PRIVATE_MALFORMED: {
    remedy: "final",
    message: ({ kind }: { kind: string }) => `This is not a ${kind} private key.`,
    advice: "Mina private keys begin with EK and carry a checksum; DA keys are 32 bytes in hexadecimal.",
  },
} as const;

/** A key or password that cannot be used. Ends a process with exit code 5. */
export class KeyError extends errorClass("KeyError", keyFaults) {}

import { errorClass } from "../../protocol/index.ts";

type Directory = { readonly path: string };

/** Why a data directory is refused. */
export const dataDirectoryFaults = {
  DATA_DIRECTORY_LOCKED: {
    remedy: "final",
    message: ({ path, pid }: Directory & { pid: number }) => `${path} is in use by process ${pid}.`,
    advice:
      "Stop that process, or give this one a directory of its own. Two processes on one directory would corrupt it.",
  },
  DATA_DIRECTORY_SCHEMA: {
    remedy: "final",
    message: ({ path, found, wanted }: Directory & { found: number; wanted: number }) =>
      `${path} has schema version ${found}, this program writes version ${wanted}.`,
    advice:
      "A newer directory needs a newer program. An older one is rebuilt: move it away and start again; the role fetches what it needs.",
  },
  DATA_DIRECTORY_OTHER_ROLE: {
    remedy: "final",
    message: ({ path, found, wanted }: Directory & { found: string; wanted: string }) =>
      `${path} belongs to the role "${found}", not "${wanted}".`,
    advice: "Give each role its own data directory.",
  },
  DATA_DIRECTORY_OTHER_NETWORK: {
    remedy: "final",
    message: ({ path }: Directory) => `${path} was written for another deployment.`,
    advice: "Use a fresh directory for each genesis file.",
  },
  DATA_DIRECTORY_FOREIGN: {
    remedy: "final",
    message: ({ path }: Directory) => `${path} is not empty and was not made by this program.`,
    advice: "Point to an empty or new directory.",
  },
  DATA_DIRECTORY_OPEN: {
    remedy: "final",
    message: ({ path, mode }: Directory & { mode: string }) =>
      `${path} is open to other users (mode ${mode}).`,
    advice: "chmod 700 the directory.",
  },
  DATA_DIRECTORY_UNUSABLE: {
    remedy: "final",
    message: ({ path, reason }: Directory & { reason: string }) => `${path} cannot be used (${reason}).`,
    advice: "Check that it is a directory that this user owns.",
  },
  DATA_DIRECTORY_FULL: {
    remedy: "retry",
    message: ({ path }: Directory) => `The disk that ${path} is on has no room left.`,
    advice: "Make room. A service manager starts the role again until there is; nothing has been lost.",
  },
} as const;

/** A data directory that this process must not touch. */
export class DataDirectoryError extends errorClass("DataDirectoryError", dataDirectoryFaults) {}

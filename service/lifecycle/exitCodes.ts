import { codeOf } from "../../protocol/index.ts";

/** How our processes end. Listed in docs/operators.md. */
export const exitCodes = {
  ok: 0,
  /** Anything without a number of its own; the last log line has the code. */
  failed: 1,
  /** Command line, environment, configuration or genesis file. */
  usage: 2,
  /** Another process holds the data directory. */
  locked: 3,
  /** The data directory is of another version, role or deployment, or cannot be used. */
  dataDirectory: 4,
  /** A key file or its password. */
  key: 5,
  /** `zeko verify`: what was checked is not valid. */
  invalid: 6,
  /** Asked to stop, but not everything stopped in time. */
  drainTimeout: 7,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The exit code of an error, by its own code. */
export function exitCodeOf(error: unknown): ExitCode {
  const code = codeOf(error);
  if (/^(CONFIG|GENESIS)_/.test(code)) return exitCodes.usage;
  if (code === "DATA_DIRECTORY_LOCKED") return exitCodes.locked;
  if (code === "DATA_DIRECTORY_FULL") return exitCodes.failed; // heals: who starts it again is right
  if (code.startsWith("DATA_DIRECTORY_")) return exitCodes.dataDirectory;
  if (/^KEY_(FILE|PASSWORD|PRIVATE)_/.test(code)) return exitCodes.key;
  if (code === "PROCESS_STOP_TIMEOUT") return exitCodes.drainTimeout;
  return exitCodes.failed;
}

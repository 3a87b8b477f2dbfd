import type { LogFields, Logger, LogLevel } from "./Logger.ts";
import { sanitizeFields } from "./sanitizeFields.ts";

export type LogLine = {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Record<string, unknown>;
};

/** A logger for tests: keeps its lines, those of its children too. */
export function createMemoryLogger(): Logger & { readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  return Object.assign(keeping(lines, {}), { lines });
}

/** A logger for tests and tools that want none. */
export const silentLogger: Logger = keeping([], {}, false);

function keeping(lines: LogLine[], context: LogFields, keep = true): Logger {
  const at =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      if (keep) lines.push({ level, message, fields: sanitizeFields({ ...context, ...fields }) });
    };
  return {
    error: at("error"),
    warn: at("warn"),
    info: at("info"),
    debug: at("debug"),
    child: (fields) => keeping(lines, { ...context, ...fields }, keep),
  };
}

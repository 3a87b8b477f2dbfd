import { destination, type Logger as PinoLogger, pino, stdTimeFunctions } from "pino";
import type { LogFields, Logger, LogLevel } from "./Logger.ts";
import { sanitizeFields } from "./sanitizeFields.ts";
import { textLine } from "./textLine.ts";

export type LogFormat = "json" | "text";

export type LoggerOptions = {
  /** `signer`, `relay`, …: on every line. */
  readonly role: string;
  readonly level: LogLevel;
  /** `json` for machines: one object a line. `text` for people. */
  readonly format: LogFormat;
};

/** Where lines go; standard output where it is not given. */
export type LogSink = { write(line: string): void };

/** The logger of a process. Writes are synchronous, so that the last line before a crash is not lost. */
export function createLogger(
  options: LoggerOptions,
  sink: LogSink = destination({ fd: 1, sync: true }),
): Logger {
  const output = options.format === "text" ? { write: (line: string) => sink.write(textLine(line)) } : sink;
  const base = pino(
    {
      level: options.level,
      base: { role: options.role },
      timestamp: stdTimeFunctions.isoTime,
      messageKey: "message",
      formatters: { level: (label) => ({ level: label }) },
    },
    output,
  );
  return wrap(base);
}

function wrap(target: PinoLogger): Logger {
  const at =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      if (target.isLevelEnabled(level)) target[level](sanitizeFields(fields), message);
    };
  return {
    error: at("error"),
    warn: at("warn"),
    info: at("info"),
    debug: at("debug"),
    child: (fields) => wrap(target.child(sanitizeFields(fields))),
  };
}

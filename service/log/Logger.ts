/** Facts of a log line. Bigints print in decimal; secrets and byte arrays never print. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * `error`: a person must act now. `warn`: heals by itself or needs attention today. `info`: about one line per batch.
 * `debug`: the rest. The message is a constant, the facts are fields, errors go through `faultOf`.
 */
export interface Logger {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  /** A logger whose every line carries these fields too. */
  child(fields: LogFields): Logger;
}

export const logLevels = ["error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof logLevels)[number];

import { logLevels } from "../log/Logger.ts";
import type { OptionGroup } from "./OptionGroup.ts";

/** Options of every command. */
export const logOptions = {
  "log.level": {
    type: "choice",
    choices: logLevels,
    default: "info",
    description: "Least urgent log lines to print",
  },
  "log.format": {
    type: "choice",
    choices: ["json", "text"],
    default: "json",
    description: "Log lines as JSON objects, or as text for people",
  },
} as const satisfies OptionGroup;

/** Options of every role that serves HTTP; each role has a default port of its own. */
export function httpOptions<const Port extends number>(port: Port) {
  return {
    "http.host": {
      type: "string",
      default: "127.0.0.1",
      description: "Address to listen on; anything but loopback belongs behind a proxy with TLS",
    },
    "http.port": {
      type: "integer",
      default: port,
      min: 0,
      max: 65_535,
      description: "Port to listen on; 0 takes a free one",
    },
    "http.max-body-bytes": {
      type: "integer",
      default: 1_048_576,
      min: 1_024,
      max: 67_108_864,
      description: "Largest request body, in bytes",
    },
    "http.request-timeout-ms": {
      type: "integer",
      default: 10_000,
      min: 100,
      max: 600_000,
      description: "Time a client has to send a request, in milliseconds",
    },
    "http.drain-ms": {
      type: "integer",
      default: 5_000,
      min: 0,
      max: 600_000,
      description:
        "Time that requests in hand have to finish once the process is told to stop, in milliseconds",
    },
  } as const satisfies OptionGroup;
}

/** Options of whatever opens an encrypted key file. */
export const passwordOptions = {
  "password-file": {
    type: "path",
    description: "File (mode 0600) whose only line is the password of the key files",
  },
  "key-password": {
    type: "string",
    secret: true,
    env: "ZEKO_KEY_PASSWORD",
    description: "Password of the key files; MINA_PRIVKEY_PASS is read where this is not set",
  },
} as const satisfies OptionGroup;

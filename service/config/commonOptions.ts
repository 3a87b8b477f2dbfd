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

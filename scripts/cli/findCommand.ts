import { ConfigError } from "../../service/index.ts";
import type { Command } from "./Command.ts";
import { commands } from "./commands.ts";

export type FoundCommand = { readonly command: Command; readonly rest: readonly string[] };

/**
 * Splits a command line into the command that its first one or two words name, and the rest.
 *
 * @throws {ConfigError} `CONFIG_UNKNOWN_COMMAND`
 */
export function findCommand(words: readonly string[]): FoundCommand {
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(" ");
    const command = commands.find((candidate) => candidate.name === name);
    if (command) return { command, rest: words.slice(length) };
  }
  const named = words.filter((word) => !word.startsWith("-")).slice(0, 2);
  throw new ConfigError("CONFIG_UNKNOWN_COMMAND", { command: named.join(" ") });
}

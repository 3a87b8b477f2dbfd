import { describeOptions } from "../../service/index.ts";
import type { Command, LoadedCommand } from "./Command.ts";
import { commands } from "./commands.ts";
import { optionsOf } from "./resolveCommand.ts";

/** What `zeko help` prints. */
export function generalHelp(): string {
  const own = commands.map((command) => [usage(command), command.summary] as const);
  const rows = [
    ...own,
    ["config dump <command>", "Prints the configuration that a command would run with, secrets redacted"],
    ["help [command]", "Prints this, or the options of a command"],
  ] as const;
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, summary]) => `  ${name.padEnd(width)}  ${summary}`);
  return `Usage: zeko <command> [options]\n\n${lines.join("\n")}\n`;
}

/** What `zeko <command> --help` prints: its options in their order, from the objects that also validate them. */
export function commandHelp(command: Command, loaded: LoadedCommand): string {
  const entries = describeOptions(optionsOf(loaded)).map((option) => {
    const flag = option.secret ? `${option.environment} (no flag: secret)` : `--${option.name}`;
    const fallback = option.required ? "required" : option.default === null ? "none" : option.default;
    return `  ${flag}\n      ${option.description}.\n      ${option.expected}; default: ${fallback}; ${option.environment}\n`;
  });
  return `Usage: zeko ${usage(command)} [options]\n\n${command.summary}.\n\n${entries.join("")}`;
}

function usage({ name, arguments: words }: Command): string {
  return words ? `${name} ${words}` : name;
}

import { ZekoError } from "../../protocol/index.ts";
import { dumpConfig, type ExitCode, exitCodeOf, exitCodes } from "../../service/index.ts";
import { adviceOf } from "./adviceOf.ts";
import type { CliIo } from "./Command.ts";
import { findCommand } from "./findCommand.ts";
import { commandHelp, generalHelp } from "./helpText.ts";
import { optionsOf, resolveCommand } from "./resolveCommand.ts";

/**
 * The whole command line. Never throws: an error ends on standard error with its code and what to do.
 *
 * @param words the command line after `zeko`
 * @returns exit code
 */
export async function runCli(words: readonly string[], io: CliIo): Promise<ExitCode> {
  try {
    return await dispatch(words, io);
  } catch (error) {
    const known = error instanceof ZekoError;
    io.err(`zeko: ${known ? error.message : (error as Error).stack}\n`);
    io.err(`code: ${known ? error.code : "INTERNAL"}\n`);
    const advice = adviceOf(error);
    if (advice) io.err(`${advice}\n`);
    return exitCodeOf(error);
  }
}

async function dispatch(words: readonly string[], io: CliIo): Promise<ExitCode> {
  if (words.length === 0) {
    io.err(generalHelp());
    return exitCodes.usage;
  }
  if (words[0] === "help" || words[0] === "--help") return await help(words.slice(1), io);
  if (words[0] === "config" && words[1] === "dump") return await dump(words.slice(2), io);
  const { command, rest } = findCommand(words);
  const loaded = await command.load();
  if (asksForHelp(rest)) {
    io.out(commandHelp(command, loaded));
    return exitCodes.ok;
  }
  return await loaded.run(await resolveCommand(command, loaded, rest, io), io);
}

async function help(words: readonly string[], io: CliIo): Promise<ExitCode> {
  if (words.length === 0) {
    io.out(generalHelp());
    return exitCodes.ok;
  }
  const { command } = findCommand(words);
  io.out(commandHelp(command, await command.load()));
  return exitCodes.ok;
}

async function dump(words: readonly string[], io: CliIo): Promise<ExitCode> {
  const { command, rest } = findCommand(words);
  const loaded = await command.load();
  const config = await resolveCommand(command, loaded, rest, io);
  const { config: _, ...options } = optionsOf(loaded); // a file that named itself could not be read again
  io.out(`${dumpConfig(options, config)}\n`);
  return exitCodes.ok;
}

function asksForHelp(rest: readonly string[]): boolean {
  const end = rest.indexOf("--");
  return (end < 0 ? rest : rest.slice(0, end)).includes("--help");
}

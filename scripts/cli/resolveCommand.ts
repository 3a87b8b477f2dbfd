import {
  isSecret,
  type OptionGroup,
  type ResolvedConfig,
  readConfigFile,
  resolveConfig,
} from "../../service/index.ts";
import type { CliIo, Command, LoadedCommand } from "./Command.ts";
import { namespaces } from "./commands.ts";

/** Every command has these besides its own. */
export const globalOptions = {
  config: { type: "path", description: "Configuration file: one JSON object with option names as keys" },
} as const satisfies OptionGroup;

/** A command's options with the global ones. */
export function optionsOf(loaded: LoadedCommand): OptionGroup {
  return { ...loaded.options, ...globalOptions };
}

/**
 * Resolves a command's configuration from file, environment and flags.
 *
 * @throws {ConfigError} each of its codes
 */
export async function resolveCommand(
  command: Pick<Command, "positionals">,
  loaded: LoadedCommand,
  rest: readonly string[],
  io: Pick<CliIo, "environment">,
): Promise<ResolvedConfig<OptionGroup>> {
  const options = optionsOf(loaded);
  const environment = withMinaPassword(io.environment);
  const path = configPath(rest) ?? environment.ZEKO_CONFIG;
  const secrets = Object.keys(options).filter((name) => isSecret(options[name]!));
  const file = path === undefined ? undefined : await readConfigFile(path, secrets);
  const own = new Set(Object.keys(options).map((name) => name.split(/[.-]/)[0]!));
  const foreign = [...namespaces, "config"].filter((name) => !own.has(name));
  return resolveConfig(
    options,
    { environment, flags: rest, ...(file ? { file } : {}) },
    { foreign, ...(command.positionals ? { positionals: command.positionals } : {}) },
  );
}

/** `--config` has to be known before the file that it names can be read; every other rule about flags comes after. */
function configPath(flags: readonly string[]): string | undefined {
  const end = flags.indexOf("--");
  const before = end < 0 ? flags : flags.slice(0, end);
  const index = before.findIndex((flag) => flag === "--config" || flag.startsWith("--config="));
  if (index < 0) return undefined;
  return before[index]!.includes("=") ? before[index]!.slice("--config=".length) : before[index + 1];
}

/** Mina's own tools read MINA_PRIVKEY_PASS; whoever has it set need not set another. */
function withMinaPassword(environment: CliIo["environment"]): CliIo["environment"] {
  const { MINA_PRIVKEY_PASS: password } = environment;
  return password === undefined ? environment : { ZEKO_KEY_PASSWORD: password, ...environment };
}

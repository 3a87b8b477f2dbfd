import { ConfigError } from "../errors/ConfigError.ts";
import { environmentName, isSecret, type OptionGroup, type OptionValues } from "./OptionGroup.ts";
import { type ParsedValue, parseOption, type RawValue } from "./parseOption.ts";

/** The three sources, weakest first. */
export type ConfigSources = {
  /** The parsed configuration file: one object, option names as keys. */
  readonly file?: { readonly path: string; readonly values: Readonly<Record<string, unknown>> };
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** The command line after the command's name. */
  readonly flags?: readonly string[];
};

export type ConfigRules = {
  /**
   * First words of names that other commands read, such as `relay`. What begins so (`relay.x` in the file, `ZEKO_RELAY_X`) is
   * left alone, so that the roles of one machine can share a file and an environment; whatever else is unknown is refused.
   */
  readonly foreign?: readonly string[];
  /** How many arguments besides flags the command takes: least and most. */
  readonly positionals?: readonly [number, number];
};

export type OptionSource = "default" | "file" | "environment" | "flag";

export type ResolvedConfig<G extends OptionGroup> = {
  readonly values: OptionValues<G>;
  readonly sources: Readonly<Record<keyof G & string, OptionSource>>;
  readonly positionals: readonly string[];
};

type Found = { readonly raw: RawValue; readonly source: OptionSource; readonly place: string };

/**
 * One value per option: flag, else environment, else file, else default. Anything unknown is refused, whatever its source.
 *
 * @throws {ConfigError} `CONFIG_UNKNOWN_FLAG`, `_UNKNOWN_KEY`, `_UNKNOWN_ENVIRONMENT`, `_BAD_VALUE`, `_MISSING`, `_REPEATED`,
 *   `_NO_VALUE`, `_SECRET_ON_COMMAND_LINE`, `_UNEXPECTED_ARGUMENT`
 */
export function resolveConfig<const G extends OptionGroup>(
  group: G,
  sources: ConfigSources,
  rules: ConfigRules = {},
): ResolvedConfig<G> {
  const { found: flags, positionals } = readFlags(group, sources.flags ?? []);
  assertPositionals(positionals, rules.positionals ?? [0, 0]);
  const layers = [readFile(group, sources, rules), readEnvironment(group, sources, rules), flags];
  const values: Record<string, ParsedValue | undefined> = {};
  const origin: Record<string, OptionSource> = {};
  for (const [name, spec] of Object.entries(group)) {
    let chosen: Found | undefined;
    for (const layer of layers) {
      const candidate = layer.get(name);
      // A value that a stronger source overrides must be right too: it would bite on the day the other one goes.
      if (candidate) parseOption(name, spec, candidate.raw, candidate.place);
      chosen = candidate ?? chosen;
    }
    if (!chosen && spec.required)
      throw new ConfigError("CONFIG_MISSING", { option: name, env: environmentName(name, spec) });
    values[name] = chosen ? parseOption(name, spec, chosen.raw, chosen.place) : spec.default;
    origin[name] = chosen?.source ?? "default";
  }
  return { values: values as OptionValues<G>, sources: origin as ResolvedConfig<G>["sources"], positionals };
}

function readFile(group: OptionGroup, { file }: ConfigSources, rules: ConfigRules): Map<string, Found> {
  const found = new Map<string, Found>();
  for (const [key, raw] of Object.entries(file?.values ?? {})) {
    if (Object.hasOwn(group, key)) found.set(key, { raw, source: "file", place: file!.path });
    else if (!isForeign(key, rules)) throw new ConfigError("CONFIG_UNKNOWN_KEY", { key, file: file!.path });
  }
  return found;
}

function readEnvironment(
  group: OptionGroup,
  { environment }: ConfigSources,
  rules: ConfigRules,
): Map<string, Found> {
  const found = new Map<string, Found>();
  const names = new Set<string>();
  for (const [name, spec] of Object.entries(group)) {
    const env = environmentName(name, spec);
    names.add(env);
    const raw = environment?.[env];
    if (raw !== undefined) found.set(name, { raw, source: "environment", place: env });
  }
  const stray = Object.keys(environment ?? {}).find(
    (name) => name.startsWith("ZEKO_") && !names.has(name) && !isForeign(name.slice("ZEKO_".length), rules),
  );
  if (stray) throw new ConfigError("CONFIG_UNKNOWN_ENVIRONMENT", { name: stray });
  return found;
}

function isForeign(name: string, { foreign = [] }: ConfigRules): boolean {
  return foreign.includes(name.split(/[._-]/)[0]!.toLowerCase());
}

function readFlags(group: OptionGroup, flags: readonly string[]) {
  const found = new Map<string, Found>();
  const positionals: string[] = [];
  for (let i = 0; i < flags.length; i++) {
    const flag = flags[i]!;
    if (flag === "--") {
      positionals.push(...flags.slice(i + 1));
      break;
    }
    if (!flag.startsWith("-")) {
      positionals.push(flag);
      continue;
    }
    const { name, inline } = splitFlag(group, flag);
    const spec = group[name]!;
    const bare = inline === undefined && spec.type === "boolean";
    const raw = bare ? "true" : (inline ?? flags[++i]);
    if (raw === undefined) throw new ConfigError("CONFIG_NO_VALUE", { flag: `--${name}` });
    found.set(name, merge(name, spec.type === "list", found.get(name), raw));
  }
  return { found, positionals };
}

function splitFlag(group: OptionGroup, flag: string): { name: string; inline: string | undefined } {
  const [, name = "", inline] = /^--([^=]*)(?:=(.*))?$/s.exec(flag) ?? [];
  const spec = Object.hasOwn(group, name) ? group[name] : undefined;
  // Only the name: what follows the equals sign may be a secret given to a misspelt flag.
  if (!spec) throw new ConfigError("CONFIG_UNKNOWN_FLAG", { flag: flag.split("=")[0]! });
  if (isSecret(spec))
    throw new ConfigError("CONFIG_SECRET_ON_COMMAND_LINE", {
      option: name,
      env: environmentName(name, spec),
    });
  return { name, inline };
}

function merge(option: string, isList: boolean, before: Found | undefined, raw: string): Found {
  if (before && !isList) throw new ConfigError("CONFIG_REPEATED", { option, place: "flag" });
  return { raw: before ? `${before.raw},${raw}` : raw, source: "flag", place: `--${option}` };
}

function assertPositionals(given: readonly string[], [least, most]: readonly [number, number]): void {
  if (given.length >= least && given.length <= most) return;
  const expected = least === most ? `${least}` : `${least} to ${most}`;
  throw new ConfigError("CONFIG_UNEXPECTED_ARGUMENT", { count: given.length, expected });
}

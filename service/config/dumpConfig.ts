import type { OptionGroup } from "./OptionGroup.ts";
import type { ResolvedConfig } from "./resolveConfig.ts";

/**
 * What a command would run with, as a configuration file. Secrets show as `[redacted]`.
 *
 * @returns one JSON object, options in the group's order, those without a value left out
 */
export function dumpConfig<G extends OptionGroup>(group: G, config: ResolvedConfig<G>): string {
  const shown: Record<string, unknown> = {};
  for (const name of Object.keys(group)) {
    const value: unknown = config.values[name as keyof G];
    if (value === undefined) continue;
    shown[name] = typeof value === "bigint" ? value.toString() : value;
  }
  return JSON.stringify(shown, null, 2);
}

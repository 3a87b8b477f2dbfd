import { environmentName, isSecret, type OptionGroup, type OptionSpec } from "./OptionGroup.ts";
import { expectation } from "./parseOption.ts";

/** One option, ready for help and documentation. */
export type OptionDescription = {
  readonly name: string;
  readonly environment: string;
  readonly expected: string;
  /** `null` where there is none. */
  readonly default: string | null;
  readonly required: boolean;
  readonly secret: boolean;
  readonly description: string;
};

/** The words behind `--help` and docs/configuration.md. */
export function describeOptions(group: OptionGroup): OptionDescription[] {
  return Object.entries(group).map(([name, spec]) => ({
    name,
    environment: environmentName(name, spec),
    expected: expectation(spec),
    default: defaultText(spec),
    required: spec.required === true,
    secret: isSecret(spec),
    description: spec.description,
  }));
}

function defaultText(spec: OptionSpec): string | null {
  if (spec.default === undefined) return null;
  return spec.type === "list" ? (spec.default ?? []).join(",") : String(spec.default);
}

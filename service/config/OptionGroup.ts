import type { Secret } from "./Secret.ts";

type Common = {
  /** One sentence for help and docs/configuration.md, with the unit. */
  readonly description: string;
  /** Environment variable; `ZEKO_` and the name in capitals where it is not given. */
  readonly env?: string;
  /** No default, and the command does not run without it. */
  readonly required?: true;
};

/**
 * One option as data. Flag, environment variable, file key, help, documentation and type are all read from it.
 * `integer` is a safe number, `amount` a bigint ≥ 0, `list` comma-separated in flags and environment.
 */
export type OptionSpec = Common &
  (
    | {
        readonly type: "string";
        readonly default?: string;
        readonly pattern?: RegExp;
        readonly secret?: true;
      }
    | { readonly type: "path"; readonly default?: string }
    | { readonly type: "url"; readonly default?: string; readonly secret?: true }
    | { readonly type: "integer"; readonly default?: number; readonly min: number; readonly max?: number }
    | { readonly type: "amount"; readonly default?: bigint; readonly max?: bigint }
    | { readonly type: "boolean"; readonly default: boolean }
    | { readonly type: "choice"; readonly default?: string; readonly choices: readonly string[] }
    | { readonly type: "list"; readonly default?: readonly string[]; readonly pattern?: RegExp }
  );

/** Options by name, such as `signer.poll-interval-ms`: lower case, dots between parts, dashes between words. */
export type OptionGroup = Readonly<Record<string, OptionSpec>>;

type Plain<S extends OptionSpec> = S extends { type: "integer" }
  ? number
  : S extends { type: "amount" }
    ? bigint
    : S extends { type: "boolean" }
      ? boolean
      : S extends { type: "choice"; choices: readonly (infer Choice)[] }
        ? Choice
        : S extends { type: "list" }
          ? readonly string[]
          : string;

type Value<S extends OptionSpec> = S extends { secret: true } ? Secret : Plain<S>;

/** What a group's options are once resolved: `undefined` only where there is neither default nor `required`. */
export type OptionValues<G extends OptionGroup> = {
  readonly [Name in keyof G]: G[Name] extends { required: true } | { default: unknown }
    ? Value<G[Name]>
    : Value<G[Name]> | undefined;
};

/** The environment variable of an option. */
export function environmentName(name: string, spec: OptionSpec): string {
  return spec.env ?? `ZEKO_${name.replace(/[.-]/g, "_").toUpperCase()}`;
}

/** Whether an option's value must never be shown. */
export function isSecret(spec: OptionSpec): boolean {
  return "secret" in spec && spec.secret === true;
}

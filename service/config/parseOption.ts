import { ConfigError } from "../errors/ConfigError.ts";
import { isSecret, type OptionSpec } from "./OptionGroup.ts";
import { Secret } from "./Secret.ts";

/** Text from a flag or the environment, or a JSON value from the file. */
export type RawValue = unknown;
export type ParsedValue = string | number | bigint | boolean | readonly string[] | Secret;

/**
 * Turns what a source gave into an option's value.
 *
 * @param place where it came from, for the error
 * @throws {ConfigError} `CONFIG_BAD_VALUE`
 */
export function parseOption(option: string, spec: OptionSpec, raw: RawValue, place: string): ParsedValue {
  const value = parse(spec, raw);
  if (value === null)
    throw new ConfigError("CONFIG_BAD_VALUE", { option, place, expected: expectation(spec) });
  return isSecret(spec) ? new Secret(String(value)) : value;
}

/** What a value of this option looks like, in words: for errors, help and documentation. */
export function expectation(spec: OptionSpec): string {
  switch (spec.type) {
    case "string":
      return spec.pattern ? `text matching ${spec.pattern.source}` : "text";
    case "path":
      return "a path";
    case "url":
      return "an http or https address";
    case "integer":
      return spec.max === undefined
        ? `an integer from ${spec.min}`
        : `an integer from ${spec.min} to ${spec.max}`;
    case "amount":
      return spec.max === undefined
        ? "an amount (integer from 0)"
        : `an amount (integer from 0 to ${spec.max})`;
    case "boolean":
      return "true or false";
    case "choice":
      return `one of ${spec.choices.join(", ")}`;
    case "list":
      return spec.pattern ? `a list of texts matching ${spec.pattern.source}` : "a list of texts";
  }
}

function parse(spec: OptionSpec, raw: RawValue): ParsedValue | null {
  switch (spec.type) {
    case "string":
      return text(raw, spec.pattern);
    case "path":
      return typeof raw === "string" && raw !== "" && !raw.includes("\0") ? raw : null;
    case "url":
      return url(raw);
    case "integer":
      return integer(raw, spec.min, spec.max ?? Number.MAX_SAFE_INTEGER);
    case "amount":
      return amount(raw, spec.max);
    case "boolean":
      return raw === true || raw === "true" ? true : raw === false || raw === "false" ? false : null;
    case "choice":
      return typeof raw === "string" && spec.choices.includes(raw) ? raw : null;
    case "list":
      return list(raw, spec.pattern);
  }
}

function text(raw: RawValue, pattern: RegExp | undefined): string | null {
  return typeof raw === "string" && (!pattern || pattern.test(raw)) ? raw : null;
}

function url(raw: RawValue): string | null {
  if (typeof raw !== "string" || !URL.canParse(raw)) return null;
  return ["http:", "https:"].includes(new URL(raw).protocol) ? raw : null;
}

function integer(raw: RawValue, min: number, max: number): number | null {
  const decimal = typeof raw === "string" && /^-?(0|[1-9]\d*)$/.test(raw);
  const value = typeof raw === "number" ? raw : decimal ? Number(raw) : Number.NaN;
  return Number.isSafeInteger(value) && value >= min && value <= max ? value : null;
}

function amount(raw: RawValue, max: bigint | undefined): bigint | null {
  const decimal = typeof raw === "string" && /^(0|[1-9]\d{0,77})$/.test(raw);
  if (!decimal && !(typeof raw === "number" && Number.isSafeInteger(raw) && raw >= 0)) return null;
  const value = BigInt(raw as string | number);
  return max === undefined || value <= max ? value : null;
}

function list(raw: RawValue, pattern: RegExp | undefined): readonly string[] | null {
  const items = typeof raw === "string" ? (raw === "" ? [] : raw.split(",").map((item) => item.trim())) : raw;
  if (!Array.isArray(items)) return null;
  return items.every((item) => item !== "" && text(item, pattern) !== null) ? items : null;
}

import { readFileSync } from "node:fs";

/** One case of test/vectors: numbers are decimal strings, bytes are hex. */
export interface LoadedVector<Input, Output> {
  readonly name: string;
  readonly input: Input;
  readonly output?: Output;
  readonly error?: string;
}

/** Reads test/vectors/<name>.json. */
export function loadVectors<Input, Output = string>(name: string): LoadedVector<Input, Output>[] {
  return JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), "utf8"));
}

/** Decimal strings become bigints, at any depth; everything else stays. */
export function numbers<T>(value: unknown): T {
  if (typeof value === "string" && /^[0-9]+$/.test(value)) return BigInt(value) as T;
  if (Array.isArray(value)) return value.map(numbers) as T;
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, numbers(item)])) as T;
  }
  return value as T;
}

export const fromHex = (text: string) => new Uint8Array(Buffer.from(text.slice(2), "hex"));

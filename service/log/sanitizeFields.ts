import { Secret } from "../config/Secret.ts";
import { faultOf } from "./faultOf.ts";
import type { LogFields } from "./Logger.ts";

const MAX_DEPTH = 4;
const MAX_TEXT = 2_000;
/** Field names whose value is never wanted in a log, whoever put it there. */
const HIDDEN_NAME = /password|passphrase|secret|private.?key|mnemonic|authorization/i;

/** Makes fields safe to print: no secrets, no bytes, no endless text, and JSON can hold the result. */
export function sanitizeFields(fields: LogFields): Record<string, unknown> {
  return sanitizeObject(fields, 0);
}

function sanitizeObject(value: object, depth: number): Record<string, unknown> {
  const safe: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(value)) {
    safe[name] =
      HIDDEN_NAME.test(name) && field !== null && field !== undefined ? "[redacted]" : sanitize(field, depth);
  }
  return safe;
}

function sanitize(value: unknown, depth: number): unknown {
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "string") return value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value;
  if (typeof value === "function" || typeof value === "symbol") return undefined;
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Secret) return value.toJSON();
  if (value instanceof Error) return sanitizeObject(faultOf(value), depth + 1);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth >= MAX_DEPTH) return "[deep]";
  if (Array.isArray(value)) return value.map((item) => sanitize(item, depth + 1));
  return sanitizeObject(value, depth + 1);
}

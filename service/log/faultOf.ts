import { codeOf, ZekoError } from "../../protocol/index.ts";
import type { LogFields } from "./Logger.ts";

/**
 * The fields by which an error goes into a log: its code, its sentence, what to do, and its data.
 * Errors that are not ours are bugs until shown otherwise and carry their stack.
 */
export function faultOf(error: unknown): LogFields {
  if (error instanceof ZekoError) {
    const { code, message, remedy, data, cause } = error;
    return { code, reason: message, remedy, data, ...(cause === undefined ? {} : { cause: causeOf(cause) }) };
  }
  if (error instanceof Error)
    return { code: codeOf(error), reason: error.message, remedy: "bug", stack: error.stack };
  return { code: codeOf(error), reason: String(error), remedy: "bug" };
}

/** Causes are named, not told: they may hold raw text from the network. */
function causeOf(cause: unknown): string {
  if (cause instanceof ZekoError) return cause.code;
  if (cause instanceof Error) return (cause as NodeJS.ErrnoException).code ?? cause.name;
  return typeof cause;
}

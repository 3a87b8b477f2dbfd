import { DaError } from "../errors/DaError.ts";

/** A hexadecimal quantity of a node's answer. @throws {DaError} `DA_ANSWER_MALFORMED` */
export function quantity(value: unknown, what: string): bigint {
  if (typeof value !== "string" || !/^0x[0-9a-fA-F]{1,64}$/.test(value))
    throw new DaError("DA_ANSWER_MALFORMED", { what });
  return BigInt(value);
}

/** An object of a node's answer. @throws {DaError} `DA_ANSWER_MALFORMED` */
export function record(value: unknown, what: string): Record<string, unknown> {
  if (value === null || typeof value !== "object") throw new DaError("DA_ANSWER_MALFORMED", { what });
  return value as Record<string, unknown>;
}

/** Bytes of a node's answer. @throws {DaError} `DA_ANSWER_MALFORMED` */
export function hex(value: unknown, what: string): `0x${string}` {
  if (typeof value !== "string" || !/^0x([0-9a-fA-F]{2})*$/.test(value))
    throw new DaError("DA_ANSWER_MALFORMED", { what });
  return value as `0x${string}`;
}

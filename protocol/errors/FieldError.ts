import { errorClass } from "./ZekoError.ts";

export const fieldFaults = {
  FIELD_NOT_CANONICAL: {
    remedy: "final",
    message: (d: { name: string }) => `${d.name} is not the canonical encoding of a field element`,
    advice: "Field elements are 0 ≤ x < p (scalars < q) and 32 bytes, big-endian. Send the reduced value.",
  },
  KEY_MALFORMED: {
    remedy: "final",
    message: (d: { reason: string }) => `Not a Mina public key: ${d.reason}`,
    advice: "Keys are base58check strings that start with B62, of a point on Pallas.",
  },
  SIGNATURE_MALFORMED: {
    remedy: "final",
    message: (d: { reason: string }) => `Not a Mina signature: ${d.reason}`,
    advice: "Signatures are base58check strings that start with 7m, with r < p and s < q.",
  },
  QUANTITY_OUT_OF_RANGE: {
    remedy: "final",
    message: (d: { name: string; bits: number }) => `${d.name} does not fit ${d.bits} bits`,
    advice: "Amounts are unsigned and in nanomina; slots and nonces have 32 bits.",
  },
} as const;

/** Malformed numbers, keys and signatures. */
export class FieldError extends errorClass("FieldError", fieldFaults) {}

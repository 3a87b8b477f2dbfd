import { errorClass } from "./ZekoError.ts";

export const payloadFaults = {
  PAYLOAD_EMPTY: {
    remedy: "final",
    message: () => "The payload has no bytes",
    advice: "Post what encodePayload returns.",
  },
  PAYLOAD_TOO_LARGE: {
    remedy: "final",
    message: (d: { bytes: number; maximum: number }) => `${d.bytes} bytes, more than ${d.maximum}`,
    advice: "Close the batch earlier. Limits are in docs/limits.md.",
  },
  PAYLOAD_MALFORMED: {
    remedy: "final",
    message: (d: { what: string; offset: number }) => `Payload: ${d.what} at byte ${d.offset}`,
    advice: "The bytes are not a batch. Nothing can be done with them; ask another source.",
  },
  PAYLOAD_NOT_CANONICAL: {
    remedy: "final",
    message: (d: { what: string }) => `Payload is not in its canonical form: ${d.what}`,
    advice: "One batch has one encoding. Post what encodePayload returns.",
  },
  PAYLOAD_VERSION: {
    remedy: "final",
    message: (d: { version: number }) =>
      `Payload has version ${d.version}, which this software does not read`,
    advice: "Upgrade.",
  },
  CHUNK_SIZE: {
    remedy: "final",
    message: (d: { index: number; bytes: number; expected: number }) =>
      `Chunk ${d.index} has ${d.bytes} bytes instead of ${d.expected}`,
    advice: "All chunks but the last are full. Ask another source.",
  },
} as const;

/** Bytes that are no batch, or not the one encoding of it. */
export class PayloadError extends errorClass("PayloadError", payloadFaults) {}

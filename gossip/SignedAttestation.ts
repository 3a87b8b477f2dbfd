import { ByteReader, ByteWriter, MAX_VALIDATORS, type Signature } from "../protocol/index.ts";
import { GossipError } from "./GossipError.ts";

/** 32 bytes as `0x` and 64 lower-case digits: a batch's id in the inbox. */
export type BatchKey = `0x${string}`;

/** One validator's signature over one batch, as it travels. */
export interface SignedAttestation {
  readonly batch: BatchKey;
  /** Epoch of the validator set that `slot` is a place in. 32 bits. */
  readonly epoch: bigint;
  /** 0 to `MAX_VALIDATORS` − 1 */
  readonly slot: number;
  readonly signature: Signature;
}

/** The one version there is. */
const VERSION = 1;
/** version ‖ batch id ‖ epoch ‖ slot ‖ r ‖ s */
export const ATTESTATION_BYTES = 1 + 32 + 4 + 1 + 32 + 32;

export function encodeAttestation(a: SignedAttestation): Uint8Array {
  const out = new ByteWriter();
  out.u8(VERSION);
  out.raw(batchKeyBytes(a.batch));
  out.u32(a.epoch);
  out.u8(a.slot);
  out.field(a.signature.r);
  out.field(a.signature.s);
  return out.finish();
}

/** @throws {GossipError} `GOSSIP_MALFORMED` for any bytes that {@link encodeAttestation} would not have made */
export function decodeAttestation(bytes: Uint8Array): SignedAttestation {
  if (bytes.length !== ATTESTATION_BYTES) throw malformed(`${bytes.length} bytes`);
  if (bytes[0] !== VERSION) throw malformed(`version ${bytes[0]}`);
  const input = new ByteReader(bytes.subarray(1));
  try {
    const batch = batchKey(input.raw(32));
    const epoch = input.u32();
    const slot = input.u8();
    if (slot >= MAX_VALIDATORS) throw malformed(`slot ${slot}`);
    // r = 0 would be the point at infinity, which no honest signature has and the circuit refuses.
    const signature = { r: input.field(), s: input.scalar() };
    if (signature.r === 0n) throw malformed("r is 0");
    return { batch, epoch, slot, signature };
  } catch (cause) {
    if (cause instanceof GossipError) throw cause;
    throw malformed("a number out of range", cause);
  }
}

export function batchKey(bytes: Uint8Array): BatchKey {
  return `0x${Buffer.from(bytes).toString("hex")}`;
}

/** @throws {GossipError} `GOSSIP_MALFORMED` unless it is `0x` and 64 lower-case digits */
export function batchKeyBytes(key: string): Uint8Array {
  if (!/^0x[0-9a-f]{64}$/.test(key)) throw malformed("not a batch id");
  return new Uint8Array(Buffer.from(key.slice(2), "hex"));
}

function malformed(what: string, cause?: unknown): GossipError {
  return new GossipError("GOSSIP_MALFORMED", { what }, { cause });
}

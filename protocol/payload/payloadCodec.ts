import { inflateRawSync } from "node:zlib";
import { deflateSync } from "fflate";
import { ByteReader, ByteWriter } from "../bytes.ts";
import type { ZkappCommand } from "../command/ZkappCommand.ts";
import { PayloadError } from "../errors/PayloadError.ts";
import { MAX_BLOCKS, MAX_COMMANDS, MAX_DATA_BYTES, MAX_DECODED_BYTES } from "../limits.ts";
import { readAccount, writeAccount } from "./accountCodec.ts";
import { readCommand, readKey, writeCommand, writeKey } from "./commandCodec.ts";
import type { AccountChange, Block, Payload } from "./Payload.ts";
import { readState, writeState } from "./stateCodec.ts";

/** Version of the encoding. It fixes the compressor too: fflate 0.8 at this level gives the same bytes everywhere. */
export const PAYLOAD_VERSION = 1;
const COMPRESSION_LEVEL = 6;
/** Version, 16 bits, and decoded length, 32 bits, stand before the compressed bytes. */
const ENVELOPE_BYTES = 6;

/** What goes on the DA chain, and how long it is when decoded. */
export interface EncodedPayload {
  readonly data: Uint8Array;
  readonly decodedLength: number;
}

/**
 * The one encoding of a batch: version ‖ decoded length ‖ deflate(body).
 * @throws {PayloadError} `PAYLOAD_TOO_LARGE`
 */
export function encodePayload(payload: Payload): EncodedPayload {
  const body = encodeBody(payload);
  if (body.length > MAX_DECODED_BYTES) throw tooLarge(body.length, MAX_DECODED_BYTES);
  const data = pack(body);
  if (data.length > MAX_DATA_BYTES) throw tooLarge(data.length, MAX_DATA_BYTES);
  return { data, decodedLength: body.length };
}

/**
 * Reads a batch. Its output is bounded before it is allocated; bytes that {@link encodePayload} would not have made are refused.
 * @throws {PayloadError} `PAYLOAD_EMPTY`, `_TOO_LARGE`, `_VERSION`, `_MALFORMED`, `_NOT_CANONICAL`; {CommandError}
 */
export function decodePayload(data: Uint8Array): Payload {
  const steps = payloadDecoder(data);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/**
 * {@link decodePayload} in steps: one for each command and each changed account, and one for the compressor. Who has something
 * else to do pauses between two; a large batch takes seconds. @throws as {@link decodePayload}
 */
export function* payloadDecoder(data: Uint8Array): Generator<undefined, Payload, undefined> {
  const body = unpack(data);
  const payload = yield* decodeBody(body);
  yield;
  // The compressor last: only well-formed batches get here.
  const again = pack(body);
  if (Buffer.compare(again, data) !== 0)
    throw new PayloadError("PAYLOAD_NOT_CANONICAL", { what: "compressed in another way" });
  return payload;
}

/** Decoded length as the envelope announces it, checked against the limits only. @throws {PayloadError} */
export function announcedLength(data: Uint8Array): number {
  if (data.length === 0) throw new PayloadError("PAYLOAD_EMPTY", undefined);
  if (data.length > MAX_DATA_BYTES) throw tooLarge(data.length, MAX_DATA_BYTES);
  const input = new ByteReader(data);
  const version = input.u16();
  if (version !== PAYLOAD_VERSION) throw new PayloadError("PAYLOAD_VERSION", { version });
  const length = Number(input.u32());
  if (length > MAX_DECODED_BYTES) throw tooLarge(length, MAX_DECODED_BYTES);
  return length;
}

function pack(body: Uint8Array): Uint8Array {
  const out = new ByteWriter();
  out.u16(PAYLOAD_VERSION);
  out.u32(BigInt(body.length));
  out.raw(deflateSync(body, { level: COMPRESSION_LEVEL }));
  return out.finish();
}

function unpack(data: Uint8Array): Uint8Array {
  const length = announcedLength(data);
  const body = inflate(data.subarray(ENVELOPE_BYTES), length);
  if (body.length !== length) throw new PayloadError("PAYLOAD_NOT_CANONICAL", { what: "announced length" });
  return body;
}

function inflate(data: Uint8Array, maxOutputLength: number): Uint8Array {
  try {
    return inflateRawSync(data, { maxOutputLength: Math.max(maxOutputLength, 1) });
  } catch (cause) {
    throw new PayloadError(
      "PAYLOAD_MALFORMED",
      { what: "compressed stream", offset: ENVELOPE_BYTES },
      { cause },
    );
  }
}

function encodeBody(p: Payload): Uint8Array {
  const out = new ByteWriter();
  out.field(p.domain);
  out.field(p.source);
  writeState(out, p.target);
  out.u32(p.landBy);
  writeKey(out, p.feeRecipient);
  out.u16(p.blocks.length);
  for (const block of p.blocks) writeBlock(out, block);
  out.u32(BigInt(p.changes.length));
  for (const { index, account } of p.changes) {
    out.u64(index);
    writeAccount(out, account);
  }
  out.u16(0); // outcomes of outer actions
  out.u16(0); // withdrawals
  out.u16(0); // preimages
  return out.finish();
}

function* decodeBody(body: Uint8Array): Generator<undefined, Payload, undefined> {
  const input = new ByteReader(body);
  const payload: Payload = {
    domain: input.field(),
    source: input.field(),
    target: readState(input),
    landBy: input.u32(),
    feeRecipient: readKey(input),
    blocks: yield* readBlocks(input),
    changes: yield* readChanges(input),
  };
  for (const list of ["outcomes", "withdrawals", "preimages"]) input.count(input.u16(), 0, list);
  input.end();
  return payload;
}

function writeBlock(out: ByteWriter, block: Block): void {
  out.u32(block.slot);
  out.u64(block.timestampMs);
  out.u16(block.commands.length);
  for (const command of block.commands) writeCommand(out, command);
}

function* readBlocks(input: ByteReader): Generator<undefined, Block[], undefined> {
  const count = input.count(input.u16(), MAX_BLOCKS, "blocks");
  const blocks: Block[] = [];
  let commands = 0;
  for (let i = 0; i < count; i++) {
    const slot = input.u32();
    const timestampMs = input.u64();
    const size = input.count(input.u16(), MAX_COMMANDS - commands, "commands");
    commands += size;
    const read: ZkappCommand[] = [];
    for (; read.length < size; yield) read.push(readCommand(input));
    blocks.push({ slot, timestampMs, commands: read });
  }
  return blocks;
}

function* readChanges(input: ByteReader): Generator<undefined, AccountChange[], undefined> {
  const count = Number(input.u32());
  const changes: AccountChange[] = [];
  let last = -1n;
  for (let i = 0; i < count; i++) {
    const index = input.u64(); // no allocation by `count`: the bytes run out first
    if (index <= last) throw input.malformed("changes out of order");
    last = index;
    changes.push({ index, account: readAccount(input) });
    yield;
  }
  return changes;
}

function tooLarge(bytes: number, maximum: number): PayloadError {
  return new PayloadError("PAYLOAD_TOO_LARGE", { bytes, maximum });
}

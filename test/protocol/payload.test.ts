import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { deflateSync, inflateSync } from "fflate";
import {
  type AccountChange,
  announcedLength,
  decodePayload,
  encodePayload,
  MAX_DATA_BYTES,
  MAX_DECODED_BYTES,
  MAX_UINT32,
  type Payload,
  payloadDecoder,
} from "../../protocol/index.ts";
import { sampleCommand, samplePayload } from "../../scripts/vectors/batchVectors.ts";
import { hasCode } from "../support/hasCode.ts";
import { fromHex, loadVectors } from "../support/loadVectors.ts";

const payload = samplePayload("payload");
const { data } = encodePayload(payload);
const body = inflateSync(data.subarray(6));

/** The envelope around a body of our choice. */
function envelope(content: Uint8Array, announced = content.length, version = 1): Uint8Array {
  const head = Buffer.alloc(6);
  head.writeUInt16BE(version, 0);
  head.writeUInt32BE(announced, 2);
  return new Uint8Array(Buffer.concat([head, deflateSync(content, { level: 6 })]));
}

describe("payload codec", () => {
  it("gives the golden bytes", () => {
    const [golden] = loadVectors<undefined, { data: string }>("payload");
    assert.deepEqual(data, fromHex(golden!.output!.data));
  });
  it("is read in steps, one for each command and each changed account at least", () => {
    const steps = payloadDecoder(data);
    let count = 0;
    let next = steps.next();
    for (; !next.done; next = steps.next()) count++;
    assert.deepEqual(next.value, payload);
    const commands = payload.blocks.reduce((sum, block) => sum + block.commands.length, 0);
    assert.equal(count, commands + payload.changes.length + 1);
    const broken = payloadDecoder(envelope(body.subarray(0, -1)));
    assert.throws(() => [...broken], hasCode("PAYLOAD_MALFORMED"));
  });
  it("reads back what it wrote: with every part, with no blocks, with many commands", () => {
    const many: Payload = {
      ...payload,
      blocks: Array.from({ length: 40 }, (_, i) => ({
        slot: BigInt(i),
        timestampMs: 0n,
        commands: [sampleCommand(`many ${i % 3}`), sampleCommand(`more ${i % 2}`)],
      })),
    };
    for (const one of [payload, { ...payload, blocks: [], changes: [] }, many]) {
      const { data, decodedLength } = encodePayload(one);
      assert.equal(announcedLength(data), decodedLength);
      assert.deepEqual(decodePayload(data), one);
    }
  });
  it("refuses an empty payload and another version", () => {
    assert.throws(() => decodePayload(new Uint8Array()), hasCode("PAYLOAD_EMPTY"));
    assert.throws(() => decodePayload(envelope(body, body.length, 2)), hasCode("PAYLOAD_VERSION"));
  });
  it("refuses more bytes than a batch may have, before reading them", () => {
    assert.throws(() => decodePayload(new Uint8Array(MAX_DATA_BYTES + 1)), hasCode("PAYLOAD_TOO_LARGE"));
    assert.throws(() => decodePayload(envelope(body, MAX_DECODED_BYTES + 1)), hasCode("PAYLOAD_TOO_LARGE"));
  });
  it("stops inflating at the announced length: a bomb does not go off", () => {
    assert.throws(() => decodePayload(envelope(new Uint8Array(8 << 20), 1000)), hasCode("PAYLOAD_MALFORMED"));
  });
  it("refuses a length that is announced too large", () => {
    assert.throws(() => decodePayload(envelope(body, body.length + 1)), hasCode("PAYLOAD_NOT_CANONICAL"));
  });
  it("refuses the same body compressed in another way, and bytes behind the stream", () => {
    const stored = Buffer.concat([data.subarray(0, 6), deflateRawSync(body, { level: 0 })]);
    assert.throws(() => decodePayload(new Uint8Array(stored)), hasCode("PAYLOAD_NOT_CANONICAL"));
    assert.throws(
      () => decodePayload(new Uint8Array(Buffer.concat([data, Buffer.alloc(1)]))),
      hasCode("PAYLOAD_NOT_CANONICAL"),
    );
  });
  it("refuses a body that is cut short or goes on", () => {
    for (const cut of [0, 1, 31, 32, 100, body.length - 1]) {
      assert.throws(
        () => decodePayload(envelope(body.subarray(0, cut))),
        hasCode("PAYLOAD_MALFORMED"),
        `${cut} bytes`,
      );
    }
    assert.throws(() => decodePayload(envelope(new Uint8Array([...body, 0]))), hasCode("PAYLOAD_MALFORMED"));
  });
  it("refuses a field element that is not reduced", () => {
    const high = body.slice();
    high.fill(0xff, 0, 32);
    assert.throws(() => decodePayload(envelope(high)), hasCode("PAYLOAD_MALFORMED"));
  });
  it("refuses changes out of order or listed twice", () => {
    const [change] = payload.changes as [AccountChange];
    for (const changes of [
      [change, change],
      [change, { ...change, index: 0n }],
    ]) {
      assert.throws(
        () => decodePayload(encodePayload({ ...payload, changes }).data),
        hasCode("PAYLOAD_MALFORMED"),
      );
    }
  });
  it("refuses a call depth that skips a level, and a key off the curve", () => {
    const command = sampleCommand("deep");
    const [first, second, third] = command.updates;
    const withUpdates = (updates: typeof command.updates): Payload => ({
      ...payload,
      blocks: [{ slot: 0n, timestampMs: 0n, commands: [{ ...command, updates }] }],
    });
    const skipping = withUpdates([first!, { ...second!, callDepth: 2 }, third!]);
    assert.throws(() => decodePayload(encodePayload(skipping).data), hasCode("COMMAND_CALL_DEPTH"));
    const off = withUpdates([{ ...first!, publicKey: { x: 2n, isOdd: false } }]);
    assert.throws(() => decodePayload(encodePayload(off).data), hasCode("PAYLOAD_MALFORMED"));
  });
  it("refuses a fee payer's bound that is none, which hashes as its absence", () => {
    const command = sampleCommand("unbounded");
    const unbounded = { ...command, feePayer: { ...command.feePayer, validUntil: MAX_UINT32 } };
    const { data } = encodePayload({
      ...payload,
      blocks: [{ slot: 0n, timestampMs: 0n, commands: [unbounded] }],
    });
    assert.throws(() => decodePayload(data), hasCode("PAYLOAD_MALFORMED"));
  });
  it("has one encoding: any changed byte is refused, or stands for another batch with that encoding", () => {
    fc.assert(
      fc.property(fc.nat(data.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = data.slice();
        changed[at]! ^= flip;
        let read: Payload;
        try {
          read = decodePayload(changed);
        } catch {
          return;
        }
        assert.deepEqual(encodePayload(read).data, changed);
      }),
      { seed: 5, numRuns: 400 },
    );
  });
  it("has one encoding of a body too: any changed body byte is refused or re-encodes to itself", () => {
    fc.assert(
      fc.property(fc.nat(body.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = body.slice();
        changed[at]! ^= flip;
        const posted = envelope(changed);
        let read: Payload;
        try {
          read = decodePayload(posted);
        } catch (error) {
          assert.ok(hasCodeIn(error, ["PAYLOAD_MALFORMED", "COMMAND_CALL_DEPTH"]));
          return;
        }
        assert.deepEqual(encodePayload(read).data, posted);
      }),
      { seed: 6, numRuns: 600 },
    );
  });
});

function hasCodeIn(error: unknown, codes: readonly string[]): boolean {
  return codes.some((code) => (error as { code?: string }).code === code);
}

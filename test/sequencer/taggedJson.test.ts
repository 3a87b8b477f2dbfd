import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decodeTagged, encodeTagged } from "../../sequencer/store/taggedJson.ts";

describe("tagged JSON", () => {
  it("keeps bigints, bytes, text and nothing apart", () => {
    const value = {
      n: -5n,
      list: [1n, 2, "3", null, true],
      bytes: Uint8Array.of(0, 255),
      inner: { m: 2n ** 300n },
    };
    assert.deepEqual(decodeTagged(encodeTagged(value)), value);
    assert.deepEqual(decodeTagged(encodeTagged(Buffer.from("ab"))), Uint8Array.of(97, 98));
  });
});

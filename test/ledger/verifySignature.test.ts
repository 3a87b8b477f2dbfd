import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { verifySignature } from "../../ledger/index.ts";
import {
  decompress,
  EMPTY_KEY,
  FIELD_MODULUS,
  hash,
  SCALAR_MODULUS,
  signFields,
  verifyFields,
} from "../../protocol/index.ts";
import { testKey } from "./support/commands.ts";

const { privateKey, publicKey } = testKey(0);
const MESSAGE = 42n;
const good = signFields(privateKey, [MESSAGE]);

describe("signature verification", () => {
  it("says what mina-signer says, of good signatures and of broken ones", () => {
    const cases = fc.record({
      who: fc.nat(4),
      message: fc.bigInt(0n, FIELD_MODULUS - 1n),
      r: fc.constantFrom(0n, 0n, 0n, 1n),
      s: fc.constantFrom(0n, 0n, 0n, 1n),
      other: fc.constantFrom(0n, 0n, 0n, 1n),
      flip: fc.nat(3).map((n) => n === 0),
    });
    fc.assert(
      fc.property(cases, ({ who, message, r, s, other, flip }) => {
        const key = testKey(who);
        const signature = signFields(key.privateKey, [message]);
        const given = { r: (signature.r + r) % FIELD_MODULUS, s: (signature.s + s) % SCALAR_MODULUS };
        const claimed = { x: key.publicKey.x, isOdd: key.publicKey.isOdd !== flip };
        const about = (message + other) % FIELD_MODULUS;
        const wanted = r === 0n && s === 0n && other === 0n && !flip;
        assert.equal(verifyFields(claimed, [about], given), wanted);
        assert.equal(verifySignature(claimed, about, given), wanted);
      }),
      { seed: 5, numRuns: 40 },
    );
  });

  it("accepts a signature again that it has seen, and not for another message", () => {
    assert.equal(verifySignature(publicKey, MESSAGE, good), true);
    assert.equal(verifySignature(publicKey, MESSAGE, good), true);
    assert.equal(verifySignature(publicKey, MESSAGE + 1n, good), false);
  });

  it("refuses numbers out of range", () => {
    assert.equal(verifySignature(publicKey, MESSAGE, { ...good, r: good.r + FIELD_MODULUS }), false);
    assert.equal(verifySignature(publicKey, MESSAGE, { ...good, s: good.s + SCALAR_MODULUS }), false);
    assert.equal(verifySignature(publicKey, MESSAGE, { r: -1n, s: 0n }), false);
  });

  it("refuses keys that are no point of the curve", () => {
    assert.equal(verifySignature(EMPTY_KEY, MESSAGE, good), false);
    assert.equal(verifySignature({ x: FIELD_MODULUS, isOdd: false }, MESSAGE, good), false);
  });

  it("refuses an R at infinity, which only the key's holder can make", () => {
    const secret = 7919n; // of test key 0
    const { y } = decompress(publicKey.x, publicKey.isOdd)!;
    const challenge = hash("CodaSignature*******", [MESSAGE, publicKey.x, y, 0n]);
    const s = (challenge * secret) % SCALAR_MODULUS;
    assert.equal(verifySignature(publicKey, MESSAGE, { r: 0n, s }), false);
  });

  it("refuses zeros", () => {
    assert.equal(verifySignature(publicKey, MESSAGE, { r: good.r, s: 0n }), false);
    assert.equal(verifySignature(publicKey, MESSAGE, { r: 0n, s: good.s }), false);
    assert.equal(verifySignature(publicKey, MESSAGE, { r: 0n, s: 0n }), false);
  });
});

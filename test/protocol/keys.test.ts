import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Field, PrivateKey, Signature } from "o1js";
import {
  checkedPublicKey,
  comparePublicKeys,
  decompress,
  FIELD_MODULUS,
  isNonzeroSquare,
  isOnCurve,
  publicKeyFromBase58,
  publicKeyToBase58,
  SCALAR_MODULUS,
  signatureFromBase58,
  signatureToBase58,
  signFields,
  squareRoot,
  verifyFields,
} from "../../protocol/index.ts";
import { hasCode } from "../support/hasCode.ts";

const pairs = Array.from({ length: 8 }, (_, i) => PrivateKey.fromBigInt(BigInt(i) * 7919n + 1n));

describe("keys", () => {
  it("reads and writes base58 as o1js does", () => {
    for (const pair of pairs) {
      const key = pair.toPublicKey();
      const ours = publicKeyFromBase58(key.toBase58());
      assert.equal(ours.x, key.x.toBigInt());
      assert.equal(ours.isOdd, key.isOdd.toBoolean());
      assert.equal(publicKeyToBase58(ours), key.toBase58());
    }
  });
  it("refuses strings that are no key: checksum, version, length, type", () => {
    const good = pairs[0]!.toPublicKey().toBase58();
    const bad = [
      "",
      good.slice(1),
      `${good.slice(0, -1)}${good.endsWith("1") ? "2" : "1"}`,
      pairs[0]!.toBase58(),
      "B".repeat(10_000),
    ];
    for (const text of bad) assert.throws(() => publicKeyFromBase58(text), hasCode("KEY_MALFORMED"), text);
  });
  it("refuses keys off the curve and x beyond the field", () => {
    assert.throws(() => checkedPublicKey({ x: 2n, isOdd: false }), hasCode("KEY_MALFORMED"));
    assert.throws(() => checkedPublicKey({ x: 0n, isOdd: false }), hasCode("KEY_MALFORMED"));
    assert.throws(() => checkedPublicKey({ x: FIELD_MODULUS, isOdd: false }), hasCode("KEY_MALFORMED"));
  });
  it("orders keys by x, then even before odd", () => {
    assert.ok(comparePublicKeys({ x: 1n, isOdd: true }, { x: 2n, isOdd: false }) < 0);
    assert.ok(comparePublicKeys({ x: 1n, isOdd: false }, { x: 1n, isOdd: true }) < 0);
    assert.equal(comparePublicKeys({ x: 1n, isOdd: true }, { x: 1n, isOdd: true }), 0);
  });
  it("tells squares from others without a root, and so which x are on a point", () => {
    const edges = [0n, 1n, 2n, 3n, 4n, 5n, FIELD_MODULUS - 1n, FIELD_MODULUS - 2n, FIELD_MODULUS - 5n];
    const field = fc.bigInt({ min: 0n, max: FIELD_MODULUS - 1n });
    const check = (value: bigint) => {
      assert.equal(isNonzeroSquare(value), value !== 0n && squareRoot(value) !== undefined, `${value}`);
      assert.equal(
        isOnCurve({ x: value, isOdd: false }),
        decompress(value, false) !== undefined,
        `x ${value}`,
      );
    };
    for (const value of edges) check(value);
    fc.assert(fc.property(field, check), { numRuns: 200, seed: 8 });
    assert.equal(isOnCurve({ x: FIELD_MODULUS, isOdd: false }), false);
    assert.equal(isOnCurve({ x: FIELD_MODULUS + 1n, isOdd: false }), false);
    assert.equal(isOnCurve({ x: -1n, isOdd: false }), false);
  });

  it("takes square roots of squares, and of nothing else", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: FIELD_MODULUS - 1n }), (x) => {
        const square = (x * x) % FIELD_MODULUS;
        const root = squareRoot(square)!;
        assert.ok(root === x || root === FIELD_MODULUS - x);
        assert.equal(squareRoot((5n * square) % FIELD_MODULUS), undefined); // 5 is not a square
      }),
      { seed: 3, numRuns: 25 },
    );
  });
});

describe("signatures", () => {
  const pair = pairs[3]!;
  const key = publicKeyFromBase58(pair.toPublicKey().toBase58());

  it("signs as o1js does, and o1js accepts it", () => {
    const ours = signFields(pair.toBase58(), [42n]);
    assert.equal(signatureToBase58(ours), Signature.create(pair, [Field(42)]).toBase58());
    assert.ok(verifyFields(key, [42n], ours));
  });
  it("refuses another message, another key, and numbers out of range", () => {
    const ours = signFields(pair.toBase58(), [42n]);
    assert.equal(verifyFields(key, [43n], ours), false);
    assert.equal(verifyFields({ ...key, isOdd: !key.isOdd }, [42n], ours), false);
    assert.equal(verifyFields(key, [42n], { r: ours.r + FIELD_MODULUS, s: ours.s }), false);
    assert.equal(verifyFields(key, [42n], { r: ours.r, s: ours.s + SCALAR_MODULUS }), false);
  });
  it("refuses base58 that is no signature", () => {
    const good = signatureToBase58(signFields(pair.toBase58(), [1n]));
    for (const text of ["", good.slice(2), pair.toBase58()]) {
      assert.throws(() => signatureFromBase58(text), hasCode("SIGNATURE_MALFORMED"));
    }
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Field, Poseidon } from "o1js";
import { FIELD_MODULUS, hash, permute, permuteReference, tags } from "../../protocol/index.ts";

const fieldElement = fc.bigInt({ min: 0n, max: FIELD_MODULUS - 1n });

describe("Poseidon", () => {
  it("permutes as o1js does, natively and in bigint arithmetic", () => {
    fc.assert(
      fc.property(fieldElement, fieldElement, fieldElement, (a, b, c) => {
        const want = Poseidon.update([a, b, c].map(Field) as [Field, Field, Field], [Field(0), Field(0)]).map(
          (x) => x.toBigInt(),
        );
        assert.deepEqual(permuteReference([a, b, c]), want);
        assert.deepEqual(permute([a, b, c]), want);
      }),
      { seed: 1, numRuns: 100 },
    );
  });
  it("hashes with a tag as o1js hashes with a prefix, at every length", () => {
    fc.assert(
      fc.property(fc.array(fieldElement, { minLength: 1, maxLength: 12 }), (fields) => {
        assert.equal(
          hash(tags.state, fields),
          Poseidon.hashWithPrefix(tags.state, fields.map(Field)).toBigInt(),
        );
      }),
      { seed: 2, numRuns: 50 },
    );
  });
  it("keeps tags apart: none is used twice, none is longer than a field element, all end in a version", () => {
    const all = Object.values(tags);
    assert.equal(new Set(all).size, all.length);
    for (const tag of all) assert.match(tag, /^Zeko[A-Za-z]{1,24}\/[1-9]$/);
  });
});

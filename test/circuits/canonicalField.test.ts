import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import fc from "fast-check";
import { Bool, Field, initializeBindings, Provable } from "o1js";
import { canonical, canonicalLimbs, isBelow } from "../../circuits/order/index.ts";
import { FIELD_MODULUS } from "../../protocol/index.ts";

before(() => initializeBindings());

const edges = [0n, 1n, (1n << 128n) - 1n, 1n << 128n, FIELD_MODULUS - 2n, FIELD_MODULUS - 1n];
const element = fc.oneof(fc.constantFrom(...edges), fc.bigInt({ min: 0n, max: FIELD_MODULUS - 1n }));

async function orderInCircuit(
  a: bigint,
  b: bigint,
  parities: [boolean, boolean],
): Promise<[boolean, boolean]> {
  const found: boolean[] = [];
  await Provable.runAndCheck(() => {
    const [x, y] = [a, b].map((value) => canonical(Provable.witness(Field, () => value)));
    const [odd, even] = parities.map((parity) => Provable.witness(Bool, () => Bool(parity)));
    const plain = isBelow(x!, y!);
    const tied = isBelow(x!, y!, { a: odd!, b: even! });
    Provable.asProver(() => found.push(plain.toBoolean(), tied.toBoolean()));
  });
  return [found[0]!, found[1]!];
}

describe("order of field elements", () => {
  it("is that of the integers below the modulus, then of the parities", async () => {
    await fc.assert(
      fc.asyncProperty(element, element, fc.boolean(), fc.boolean(), async (a, b, p, q) => {
        const [plain, tied] = await orderInCircuit(a, b, [p, q]);
        assert.equal(plain, a < b);
        assert.equal(tied, a < b || (a === b && !p && q));
      }),
      { seed: 7, numRuns: 30 },
    );
  });

  it("is the same on constants", () => {
    const below = (a: bigint, b: bigint) => isBelow(canonical(Field(a)), canonical(Field(b))).toBoolean();
    for (const a of edges) for (const b of edges) assert.equal(below(a, b), a < b, `${a} < ${b}`);
  });

  it("has one pair of limbs for each element: those of the element plus the modulus are refused", async () => {
    const shifted = FIELD_MODULUS + 5n;
    const limbs = { high: shifted >> 128n, low: shifted & ((1n << 128n) - 1n) };
    await assert.rejects(
      Provable.runAndCheck(() => {
        const high = Provable.witness(Field, () => limbs.high);
        const low = Provable.witness(Field, () => limbs.low);
        canonicalLimbs(high, low);
      }),
    );
  });
});

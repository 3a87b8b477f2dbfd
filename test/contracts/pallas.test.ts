import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Contract } from "ethers";
import fc from "fast-check";
import { FIELD_MODULUS, power, SCALAR_MODULUS as Q } from "../../protocol/index.ts";
import { contractNetwork, deploy } from "./support/network.ts";
import { type Affine, add, GENERATOR, multiply, negate } from "./support/pallas.ts";

const LAMBDA = 0x06819a58283e528e511db4d81cf70f5a0fed467d47c033af2aa9d2e050aa0e4fn;
const scalar = fc.bigInt({ min: 0n, max: Q - 1n });
/** Where windows, halves and the order begin and end. */
const edges = [
  ...[0n, 1n, 2n, 7n, 8n, 9n, 127n, 128n, 129n, 255n, 256n],
  ...[(1n << 127n) - 1n, 1n << 127n, (1n << 128n) - 1n, 1n << 128n],
  ...[LAMBDA - 1n, LAMBDA, LAMBDA + 1n, Q - LAMBDA, Q >> 1n, (Q >> 1n) + 1n, Q - 128n, Q - 2n, Q - 1n],
];

describe("Pallas", () => {
  let harness: Contract;
  before(async () => {
    const { ethers } = await contractNetwork();
    harness = await deploy(ethers, "CryptoHarness");
  });

  async function assertCombination(s: bigint, e: bigint, point: NonNullable<Affine>) {
    const [x, y] = await harness.combine!(s, e, point.x, point.y);
    const expected = add(multiply(s, GENERATOR), multiply(e, point)) ?? { x: 0n, y: 0n };
    assert.deepEqual({ x, y }, expected, `${s}·G + ${e}·(${point.x}, ${point.y})`);
  }

  it("combines random scalars as plain arithmetic does", async () => {
    const property = fc.asyncProperty(scalar, scalar, scalar, (s, e, k) =>
      assertCombination(s, e, multiply(k + 1n, GENERATOR) ?? GENERATOR),
    );
    await fc.assert(property, { seed: 11, numRuns: 60 });
  });

  it("combines scalars at the edges of windows, halves and the order", async () => {
    const point = multiply(123_456_789n, GENERATOR)!;
    for (const [i, s] of edges.entries()) await assertCombination(s, edges.at(-1 - i)!, point);
    for (const s of edges) await assertCombination(s, 0n, point);
    for (const e of edges) await assertCombination(0n, e, point);
  });

  it("adds equal and opposite points, where the usual formulas fail", async () => {
    const points = [1n, 2n, 3n, 8n, 128n, LAMBDA, LAMBDA * LAMBDA, Q - LAMBDA].map(
      (k) => multiply(k, GENERATOR)!,
    );
    for (const point of [...points, ...points.map((p) => negate(p)!)]) {
      for (const [s, e] of [
        [1n, 1n],
        [8n, 8n],
        [16n, 1n],
        [1n, Q - 1n],
        [LAMBDA, 1n],
        [1n, LAMBDA],
        [Q - LAMBDA, 1n],
        [128n, 1n],
        [3n, Q - 3n],
      ] as const)
        await assertCombination(s, e, point);
    }
  });

  it("gives (0, 0) for the point at infinity", async () => {
    const point = multiply(99n, GENERATOR)!;
    assert.deepEqual((await harness.combine!(99n * 5n, Q - 5n, point.x, point.y)).toArray(), [0n, 0n]);
    assert.deepEqual((await harness.combine!(0n, 0n, point.x, point.y)).toArray(), [0n, 0n]);
  });

  it("splits every scalar into halves that fit their windows", async () => {
    const bound = 7n * (((1n << 128n) - 1n) / 15n); // the largest number of thirty-two digits up to 7
    const check = async (k: bigint) => {
      const [low, high] = await harness.split!(k);
      assert.equal((((low + high * LAMBDA - k) % Q) + Q) % Q, 0n);
      for (const half of [low, high]) assert.ok(half <= bound && half >= -bound, `${k} → ${half}`);
    };
    for (const edge of edges) await check(edge);
    await fc.assert(fc.asyncProperty(scalar, check), { seed: 12, numRuns: 200 });
  });

  it("inverts, and leaves zero zero", async () => {
    for (const z of [1n, 2n, FIELD_MODULUS - 1n, 12_345n])
      assert.equal(await harness.inverse!(z), power(z, FIELD_MODULUS - 2n));
    assert.equal(await harness.inverse!(0n), 0n);
  });
});

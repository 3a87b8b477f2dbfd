import { mod, FIELD_MODULUS as P, power, SCALAR_MODULUS } from "../../../protocol/index.ts";

/** A point of Pallas; undefined is the point at infinity. */
export type Point = { readonly x: bigint; readonly y: bigint } | undefined;

export const GENERATOR: NonNullable<Point> = {
  x: 1n,
  y: 0x1b74b5a30a12937c53dfa9f06378ee548f655bd4333d477119cf7a23caed2abbn,
};

type Jacobian = readonly [x: bigint, y: bigint, z: bigint];
const INFINITY: Jacobian = [1n, 1n, 0n];

/** scalar·point, by doubling and adding in Jacobian coordinates: nothing of the contract's ways. */
export function multiply(scalar: bigint, { x, y }: NonNullable<Point>): Point {
  let sum = INFINITY;
  const rest = mod(scalar, SCALAR_MODULUS);
  for (const bit of rest.toString(2)) {
    sum = double(sum);
    if (bit === "1") sum = add(sum, [x, y, 1n]);
  }
  const [sx, sy, z] = sum;
  if (z === 0n) return undefined;
  const inverse = power(z, P - 2n);
  const square = mod(inverse * inverse);
  return { x: mod(sx * square), y: mod(sy * square * inverse) };
}

function double([x, y, z]: Jacobian): Jacobian {
  if (z === 0n) return INFINITY;
  const a = mod(y * y);
  const s = mod(4n * x * a);
  const m = mod(3n * x * x);
  const x3 = mod(m * m - 2n * s);
  return [x3, mod(m * (s - x3) - 8n * a * a), mod(2n * y * z)];
}

function add(p: Jacobian, q: Jacobian): Jacobian {
  if (p[2] === 0n) return q;
  if (q[2] === 0n) return p;
  const [z1, z2] = [mod(p[2] * p[2]), mod(q[2] * q[2])];
  const [u1, u2] = [mod(p[0] * z2), mod(q[0] * z1)];
  const [s1, s2] = [mod(p[1] * z2 * q[2]), mod(q[1] * z1 * p[2])];
  if (u1 === u2) return s1 === s2 ? double(p) : INFINITY;
  const h = mod(u2 - u1);
  const r = mod(s2 - s1);
  const [h2, h3] = [mod(h * h), mod(h * h * h)];
  const v = mod(u1 * h2);
  const x = mod(r * r - h3 - 2n * v);
  return [x, mod(r * (v - x) - s1 * h3), mod(h * p[2] * q[2])];
}

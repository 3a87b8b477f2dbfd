import { mod, FIELD_MODULUS as P, power, SCALAR_MODULUS } from "../../../protocol/index.ts";

/** Plain affine arithmetic on Pallas: what the contract's is compared with. Undefined is the point at infinity. */
export type Affine = { readonly x: bigint; readonly y: bigint } | undefined;

export const GENERATOR: NonNullable<Affine> = {
  x: 1n,
  y: 0x1b74b5a30a12937c53dfa9f06378ee548f655bd4333d477119cf7a23caed2abbn,
};

const inverse = (value: bigint) => power(value, P - 2n);

export function add(a: Affine, b: Affine): Affine {
  if (!a || !b) return a ?? b;
  if (a.x === b.x && a.y !== b.y) return undefined;
  const slope = a.x === b.x ? 3n * a.x * a.x * inverse(2n * a.y) : (b.y - a.y) * inverse(b.x - a.x);
  const x = mod(slope * slope - a.x - b.x);
  return { x, y: mod(slope * (a.x - x) - a.y) };
}

export function multiply(scalar: bigint, point: Affine): Affine {
  let result: Affine;
  let double = point;
  for (let rest = mod(scalar, SCALAR_MODULUS); rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = add(result, double);
    double = add(double, double);
  }
  return result;
}

export const negate = (point: Affine): Affine => point && { x: point.x, y: P - point.y };

import { mod, FIELD_MODULUS as P, type Point, power, SCALAR_MODULUS as Q } from "../protocol/index.ts";

/** Mina's generator of Pallas. */
export const GENERATOR: Point = {
  x: 1n,
  y: 12418654782883325593414442427049395787963493412651469444558597405572177144507n,
};

/** Jacobian coordinates: x = X/Z², y = Y/Z³; Z = 0 is infinity. Not reduced, may be negative. */
interface Jacobian {
  readonly x: bigint;
  readonly y: bigint;
  readonly z: bigint;
}
const INFINITY: Jacobian = { x: 1n, y: 1n, z: 0n };

/** http://hyperelliptic.org/EFD/g1p/auto-shortw-jacobian-0.html#doubling-dbl-2009-l */
function double({ x, y, z }: Jacobian): Jacobian {
  const a = (x * x) % P;
  const b = (y * y) % P;
  const c = (b * b) % P;
  const xb = x + b;
  const d = 2n * (((xb * xb) % P) - a - c);
  const e = 3n * a;
  const x3 = ((e * e) % P) - 2n * d;
  return { x: x3, y: (e * (d - x3) - 8n * c) % P, z: (2n * y * z) % P };
}

/** Adds a point given by its affine coordinates; complete, equal and opposite points included. */
function add(left: Jacobian, x2: bigint, y2: bigint): Jacobian {
  const { x, y, z } = left;
  if (z === 0n) return { x: x2, y: y2, z: 1n };
  const zz = (z * z) % P;
  const h = (x2 * zz - x) % P;
  const r = (((y2 * z) % P) * zz - y) % P;
  if (h === 0n) return r === 0n ? double(left) : INFINITY;
  const hh = (h * h) % P;
  const hhh = (h * hh) % P;
  const v = (x * hh) % P;
  const x3 = (r * r - hhh - 2n * v) % P;
  return { x: x3, y: (r * (v - x3) - y * hhh) % P, z: (z * h) % P };
}

/** Inverse mod p by Euclid's algorithm; `value` not 0 mod p. Not constant time: public values only. */
function inverse(value: bigint): bigint {
  let [a, b] = [mod(value), P];
  let [u, v] = [1n, 0n];
  while (a !== 0n) {
    const quotient = b / a;
    [a, b] = [b - quotient * a, a];
    [u, v] = [v - quotient * u, u];
  }
  return mod(v);
}

function toAffine({ x, y, z }: Jacobian): Point | undefined {
  if (z === 0n) return undefined;
  const i = inverse(z);
  const ii = (i * i) % P;
  return { x: mod(x * ii), y: mod(y * ((ii * i) % P)) };
}

/** Plain double and add; for set-up. */
function scale({ x, y }: Point, scalar: bigint): Point | undefined {
  let result = INFINITY;
  for (const digit of scalar.toString(2)) {
    result = double(result);
    if (digit === "1") result = add(result, x, y);
  }
  return toAffine(result);
}

/**
 * Pallas' endomorphism (x, y) ↦ (βx, y), which multiplies by λ: halves the length of a scalar (Gallant, Lambert,
 * Vanstone, CRYPTO 2001). `short` are two short vectors (a, b) with a + b·λ = 0 mod q.
 */
interface Endomorphism {
  readonly beta: bigint;
  readonly short: readonly [readonly [bigint, bigint], readonly [bigint, bigint]];
}

function findEndomorphism(): Endomorphism {
  const lambda = power(5n, (Q - 1n) / 3n, Q);
  const image = scale(GENERATOR, lambda)!;
  // The generator has x = 1, so its image's x is β itself.
  return { beta: image.x, short: shortVectors(lambda) };
}

/** The two shortest steps of Euclid's algorithm on (q, λ) around √q. */
function shortVectors(lambda: bigint): Endomorphism["short"] {
  let [previous, current] = [
    [Q, 0n],
    [lambda, 1n],
  ] as [[bigint, bigint], [bigint, bigint]];
  while (current[0] * current[0] >= Q) {
    const quotient = previous[0] / current[0];
    [previous, current] = [
      current,
      [previous[0] - quotient * current[0], previous[1] - quotient * current[1]],
    ];
  }
  // remainder = λ·t mod q, so (remainder, −t) is in the lattice
  return [
    [current[0], -current[1]],
    [previous[0], -previous[1]],
  ];
}

/** @returns k₀, k₁, of either sign and at most 129 bits, with k₀ + k₁·λ = k mod q. */
function split(k: bigint, [[a1, b1], [a2, b2]]: Endomorphism["short"]): [bigint, bigint] {
  const determinant = a1 * b2 - a2 * b1;
  const c1 = rounded(b2 * k, determinant);
  const c2 = rounded(-b1 * k, determinant);
  return [k - c1 * a1 - c2 * a2, -c1 * b1 - c2 * b2];
}

function rounded(numerator: bigint, denominator: bigint): bigint {
  return (
    (2n * numerator + (numerator < 0n === denominator < 0n ? denominator : -denominator)) / (2n * denominator)
  );
}

/** Digits of one half-length scalar: zero or odd, |digit| < 2^(width−1), at most one in `width` places not zero. */
const DIGITS = 136;
function signedDigits(scalar: bigint, width: number): Int16Array {
  const digits = new Int16Array(DIGITS);
  const sign = scalar < 0n ? -1 : 1;
  const bits = (scalar < 0n ? -scalar : scalar).toString(2);
  const bitAt = (i: number) => (i < bits.length ? bits.charCodeAt(bits.length - 1 - i) & 1 : 0);
  let carry = 0;
  for (let i = 0; i < DIGITS; ) {
    if (bitAt(i) === carry) {
      i++;
      continue;
    }
    let word = carry;
    for (let k = 0; k < width; k++) word += bitAt(i + k) << k;
    carry = word >> (width - 1) > 0 ? 1 : 0;
    digits[i] = sign * (carry ? word - (1 << width) : word);
    i += width;
  }
  return digits;
}

/** Affine odd multiples 1, 3, 5, … of a point, for digits of `width` bits; and their images under the endomorphism. */
export interface Multiples {
  readonly width: number;
  readonly x: readonly bigint[];
  readonly endoX: readonly bigint[];
  readonly y: readonly bigint[];
}

let endomorphism: Endomorphism | undefined;
function endo(): Endomorphism {
  endomorphism ??= findEndomorphism();
  return endomorphism;
}

/** @param width 5 for a key; wider tables pay off for a point used often */
export function multiplesOf(point: Point, width: number): Multiples {
  const twice = toAffine(double({ ...point, z: 1n }))!;
  const points: Jacobian[] = [{ ...point, z: 1n }];
  for (let i = 1; i < 1 << (width - 2); i++) points.push(add(points[i - 1]!, twice.x, twice.y));
  const affine = allToAffine(points);
  const { beta } = endo();
  return {
    width,
    x: affine.map(({ x }) => x),
    endoX: affine.map(({ x }) => (beta * x) % P),
    y: affine.map(({ y }) => y),
  };
}

/** One inversion for all (Montgomery's trick); none may be infinity. */
function allToAffine(points: readonly Jacobian[]): Point[] {
  const products: bigint[] = [];
  let product = 1n;
  for (const { z } of points) {
    products.push(product);
    product = (product * z) % P;
  }
  let rest = inverse(product);
  return points
    .map(({ x, y, z }, i) => ({ x, y, z, before: products[i]! }))
    .reverse()
    .map(({ x, y, z, before }) => {
      const i = (rest * before) % P;
      rest = (rest * z) % P;
      const ii = (i * i) % P;
      return { x: mod(x * ii), y: mod(y * ((ii * i) % P)) };
    })
    .reverse();
}

/** a·A + b·B with the doublings shared (Straus), or undefined at infinity. Not constant time: public values only. */
export function sumOfTwo(a: bigint, left: Multiples, b: bigint, right: Multiples): Point | undefined {
  const { short } = endo();
  const terms = [
    [a, left],
    [b, right],
  ].flatMap(([scalar, table]) => {
    const { width, x, endoX, y } = table as Multiples;
    const [k0, k1] = split(scalar as bigint, short);
    return [
      { digits: signedDigits(k0, width), x, y },
      { digits: signedDigits(k1, width), x: endoX, y },
    ];
  });
  let sum = INFINITY;
  for (let i = DIGITS - 1; i >= 0; i--) {
    if (sum.z !== 0n) sum = double(sum);
    for (const { digits, x, y } of terms) {
      const digit = digits[i]!;
      if (digit > 0) sum = add(sum, x[digit >> 1]!, y[digit >> 1]!);
      else if (digit < 0) sum = add(sum, x[-digit >> 1]!, -y[-digit >> 1]!);
    }
  }
  return toAffine(sum);
}

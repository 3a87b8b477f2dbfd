import {
  base58Versions,
  decompress,
  hash,
  littleEndian,
  mod,
  FIELD_MODULUS as P,
  publicKeyFromBase58,
  publicKeyOf,
  SCALAR_MODULUS as Q,
  signFields,
  toBase58,
} from "../../../protocol/index.ts";
import { sample, sampleField, sampleScalar } from "../../vectors/samples.ts";
import { GENERATOR, multiply } from "./pallasPoint.ts";

/** What the contract is asked: key, message and signature as five numbers of 256 bits, sound or not. */
export interface SchnorrCase {
  readonly kind: string;
  readonly message: bigint;
  readonly x: bigint;
  readonly y: bigint;
  readonly r: bigint;
  readonly s: bigint;
}

/** λ with λ·(x, y) = (β·x, y): where the contract splits scalars, sums of equal or opposite points come up. */
const LAMBDA = 0x06819a58283e528e511db4d81cf70f5a0fed467d47c033af2aa9d2e050aa0e4fn;
const TOP = (1n << 256n) - 1n;
/** Secrets and nonces at which windows, tables and halves of scalars meet their edges. */
const SMALL = [1n, 2n, 3n, 7n, 8n, 9n, 15n, 16n, 127n, 128n, 129n, 255n, 256n, 1n << 127n, 1n << 128n];
const EDGES = [...SMALL, LAMBDA, mod(LAMBDA * LAMBDA, Q), mod(LAMBDA + 1n, Q)].flatMap((k) => [k, Q - k]);
const MESSAGES = [0n, 1n, P - 1n, P - 2n, 1n << 128n, (1n << 254n) - 1n];

/** Cases of a seed, in a fixed order: sound signatures, each with mutations of it, and crafted ones in between. */
export function* schnorrCases(seed: string): Generator<SchnorrCase> {
  for (let round = 0; ; round++) {
    const name = `${seed} ${round}`;
    const sound = soundCase(name, round);
    yield sound;
    yield* mutations(sound, name, round);
    if (round % 4 === 0) yield* crafted(name, round / 4);
  }
}

/** Made by mina-signer. */
function soundCase(name: string, round: number): SchnorrCase {
  const secret = round % 5 === 4 ? EDGES[((round / 5) % EDGES.length) | 0]! : sampleScalar(`${name} secret`);
  const message =
    round % 7 === 6 ? MESSAGES[((round / 7) % MESSAGES.length) | 0]! : sampleField(`${name} message`);
  const privateKey = toBase58(base58Versions.privateKey, Uint8Array.of(1, ...littleEndian(secret)));
  const { x, isOdd } = publicKeyFromBase58(publicKeyOf(privateKey));
  return { kind: "sound", message, ...decompress(x, isOdd)!, ...signFields(privateKey, [message]) };
}

const replacements: Readonly<Record<"message" | "x" | "y" | "r" | "s", readonly bigint[]>> = {
  message: [0n, P - 1n, P, P + 1n, TOP],
  x: [0n, 1n, P - 1n, P, TOP],
  y: [0n, 1n, P - 1n, P, TOP],
  r: [0n, 1n, P - 1n, P, P + 1n, Q - 1n, Q, TOP],
  s: [0n, 1n, Q - 1n, Q, Q + 1n, P - 1n, P, TOP],
};

/** Three of a sound case: a bit turned, an edge put in, and an algebraic twin. */
function* mutations(sound: SchnorrCase, name: string, round: number): Generator<SchnorrCase> {
  const names = ["message", "x", "y", "r", "s"] as const;
  const turned = names[Number(sample(`${name} which`, 16)) % names.length]!;
  const bit = 1n << (sample(`${name} bit`, 16) % 256n);
  yield { ...sound, kind: `${turned}: a bit turned`, [turned]: sound[turned] ^ bit };
  const edged = names[round % names.length]!;
  const edges = replacements[edged];
  const edge = edges[Math.floor(round / names.length) % edges.length]!;
  yield { ...sound, kind: `${edged}: an edge`, [edged]: edge };
  yield twin(sound, round);
}

/** What algebra makes of a sound signature: second encodings, negatives, neighbours. None may pass. */
function twin(sound: SchnorrCase, round: number): SchnorrCase {
  const { x, y, r, s, message } = sound;
  const twins: readonly SchnorrCase[] = [
    { ...sound, kind: "s + q", s: s + Q },
    { ...sound, kind: "r + p", r: r + P },
    { ...sound, kind: "x + p", x: x + P },
    { ...sound, kind: "y + p", y: y + P },
    { ...sound, kind: "message + p", message: message + P },
    { ...sound, kind: "s negated", s: mod(-s, Q) },
    { ...sound, kind: "y negated", y: mod(-y) },
    { ...sound, kind: "y and s negated", y: mod(-y), s: mod(-s, Q) },
    { ...sound, kind: "r negated", r: mod(-r) },
    { ...sound, kind: "r and s exchanged", r: s, s: r },
    { ...sound, kind: "x and y exchanged", x: y, y: x },
    { ...sound, kind: "key at infinity", x: 0n, y: 0n },
    { ...sound, kind: "s + 1", s: mod(s + 1n, Q) },
    { ...sound, kind: "another key", ...multiply(BigInt(round + 2), GENERATOR)! },
  ];
  return twins[round % twins.length]!;
}

/** Signatures of our own making, where the signer chooses what it must not. */
function* crafted(name: string, turn: number): Generator<SchnorrCase> {
  const secret = EDGES[turn % EDGES.length]!;
  const nonce = EDGES[(turn * 7 + Math.floor(turn / EDGES.length)) % EDGES.length]!;
  const message = sampleField(`${name} crafted`);
  const key = multiply(secret, GENERATOR)!;
  const point = multiply(nonce, GENERATOR)!;
  const isEven = (point.y & 1n) === 0n;
  const good = isEven ? nonce : Q - nonce;
  const e = challenge(message, key, point.x);
  const made = { message, ...key, r: point.x };
  yield { kind: "edge key and nonce", ...made, s: mod(good + e * secret, Q) };
  yield { kind: "odd R", ...made, s: mod(Q - good + e * secret, Q) };
  // R = 0: s·G is e·key, and anything could be said to be its x.
  for (const r of [0n, key.x]) {
    const c = challenge(message, key, r);
    yield { kind: "R at infinity", message, ...key, r, s: mod(c * secret, Q) };
  }
  // R = −e·key, and R = ±key: the sum has one term, or two that are the same point.
  yield { kind: "s zero", ...made, s: 0n };
  const own = challenge(message, key, key.x);
  yield { kind: "R is the key", message, ...key, r: key.x, s: mod((own + evenSign(key.y)) * secret, Q) };
}

const evenSign = (y: bigint) => ((y & 1n) === 0n ? 1n : -1n);

/** Mina's challenge: its own prefix, then message, key and r. */
function challenge(message: bigint, key: { readonly x: bigint; readonly y: bigint }, r: bigint): bigint {
  return hash("CodaSignature*******", [message, key.x, key.y, r]);
}

import { createRequire } from "node:module";
import { FIELD_BYTES, FIELD_MODULUS } from "./field.ts";
import { FULL_ROUNDS, MDS, ROUND_CONSTANTS } from "./poseidonConstants.generated.ts";

/** State of the sponge: rate 2, capacity 1. */
export type SpongeState = readonly [bigint, bigint, bigint];
export type Permutation = (state: SpongeState) => SpongeState;

/** Kimchi Poseidon's permutation in plain bigint arithmetic: the reference, and the fall-back. About 0.2 ms. */
export function permuteReference(state: SpongeState): SpongeState {
  let [a, b, c] = state;
  const sbox = (x: bigint) => {
    const x2 = (x * x) % FIELD_MODULUS;
    return (((x2 * x2) % FIELD_MODULUS) * ((x2 * x) % FIELD_MODULUS)) % FIELD_MODULUS;
  };
  for (let round = 0; round < FULL_ROUNDS; round++) {
    const [x, y, z] = [sbox(a), sbox(b), sbox(c)];
    const [m0, m1, m2] = MDS;
    const [k0, k1, k2] = ROUND_CONSTANTS[round]!;
    a = (m0[0] * x + m0[1] * y + m0[2] * z + k0) % FIELD_MODULUS;
    b = (m1[0] * x + m1[1] * y + m1[2] * z + k1) % FIELD_MODULUS;
    c = (m2[0] * x + m2[1] * y + m2[2] * z + k2) % FIELD_MODULUS;
  }
  return [a, b, c];
}

/** The symbol of o1js' native package: 96 bytes in and out, three little-endian field elements. */
type NativePermutation = (state: Uint8Array) => Uint8Array;

function loadNative(): NativePermutation | undefined {
  try {
    const name = `@o1js/native-${process.platform}-${process.arch}`;
    const binding = createRequire(import.meta.url)(name) as Record<string, unknown>;
    const permutation = binding.caml_pasta_fp_poseidon_block_cipher;
    return typeof permutation === "function" ? (permutation as NativePermutation) : undefined;
  } catch {
    return undefined; // no native package for this platform
  }
}

/** An internal export of another package, so it is believed only after it has given the reference's answer. */
function nativePermutation(): Permutation | undefined {
  const native = loadNative();
  if (!native) return undefined;
  const buffer = new Uint8Array(3 * FIELD_BYTES);
  const view = new DataView(buffer.buffer);
  const permute: Permutation = (state) => {
    for (let i = 0; i < 3; i++) {
      const value = state[i as 0 | 1 | 2];
      for (let word = 0; word < 4; word++) {
        view.setBigUint64(i * 32 + word * 8, BigInt.asUintN(64, value >> BigInt(64 * word)), true);
      }
    }
    const out = native(buffer);
    const result = new DataView(out.buffer, out.byteOffset, 96);
    const read = (i: number) =>
      result.getBigUint64(i, true) |
      (result.getBigUint64(i + 8, true) << 64n) |
      (result.getBigUint64(i + 16, true) << 128n) |
      (result.getBigUint64(i + 24, true) << 192n);
    return [read(0), read(32), read(64)];
  };
  try {
    const probe: SpongeState = [1n, FIELD_MODULUS - 2n, 3n];
    const [got, want] = [permute(probe), permuteReference(probe)];
    return got.every((value, i) => value === want[i]) ? permute : undefined;
  } catch {
    return undefined;
  }
}

const native = nativePermutation();
/** Whether hashing runs natively (0.02 ms a permutation) or in bigint arithmetic (ten times slower). */
export const poseidonIsNative = native !== undefined;
export const permute: Permutation = native ?? permuteReference;

const ZERO: SpongeState = [0n, 0n, 0n];
const saltedStates = new Map<string, SpongeState>();

/** ASCII bytes as a little-endian integer; at most 31 bytes, so that it is a field element. */
export function tagToField(tag: string): bigint {
  let value = 0n;
  for (let i = tag.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(tag.charCodeAt(i));
  return value;
}

/** State after absorbing the tag: where every hash with this tag starts. */
export function saltedState(tag: string): SpongeState {
  let state = saltedStates.get(tag);
  if (!state) {
    state = absorb(ZERO, [tagToField(tag)]);
    saltedStates.set(tag, state);
  }
  return state;
}

/** Absorbs two elements a permutation; the last pair is padded with zero, and an empty input costs one permutation. */
export function absorb(start: SpongeState, input: readonly bigint[]): SpongeState {
  if (input.length === 0) return permute(start);
  let state = start;
  for (let i = 0; i < input.length; i += 2) {
    const a = state[0] + input[i]!;
    const b = state[1] + (input[i + 1] ?? 0n);
    state = permute([
      a >= FIELD_MODULUS ? a - FIELD_MODULUS : a,
      b >= FIELD_MODULUS ? b - FIELD_MODULUS : b,
      state[2],
    ]);
  }
  return state;
}

/**
 * Tagged Poseidon: every hash of the protocol, and of Mina's ledger.
 *
 * Equals o1js' `Poseidon.hashWithPrefix`. Zero padding makes inputs of different lengths collide, so a tag has inputs
 * of one length, or the length is one of its inputs.
 * @param fields canonical field elements
 */
export function hash(tag: string, fields: readonly bigint[]): bigint {
  return absorb(saltedState(tag), fields)[0];
}

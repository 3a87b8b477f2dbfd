import { PayloadError } from "./errors/PayloadError.ts";
import { FIELD_MODULUS, fromBytes32, SCALAR_MODULUS, toBytes32 } from "./field.ts";

/** Appends fixed-width, big-endian values to a growing buffer. */
export class ByteWriter {
  #bytes = new Uint8Array(1024);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  #room(count: number): number {
    const at = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#length, this.#bytes.length * 2));
      grown.set(this.#bytes);
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    return at;
  }
  u8(value: number): void {
    const at = this.#room(1);
    this.#view.setUint8(at, value);
  }
  u16(value: number): void {
    const at = this.#room(2);
    this.#view.setUint16(at, value);
  }
  u32(value: bigint): void {
    const at = this.#room(4);
    this.#view.setUint32(at, Number(value));
  }
  u64(value: bigint): void {
    const at = this.#room(8);
    this.#view.setBigUint64(at, value);
  }
  field(value: bigint): void {
    this.raw(toBytes32(value));
  }
  raw(bytes: Uint8Array): void {
    const at = this.#room(bytes.length);
    this.#bytes.set(bytes, at);
  }
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }
}

/** Reads what {@link ByteWriter} wrote; every surprise is a coded error with its place. @throws {PayloadError} */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  malformed(what: string): PayloadError {
    return new PayloadError("PAYLOAD_MALFORMED", { what, offset: this.#offset });
  }
  #take(count: number): number {
    const at = this.#offset;
    if (at + count > this.#bytes.length) throw this.malformed("unexpected end");
    this.#offset += count;
    return at;
  }
  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }
  u16(): number {
    return this.#view.getUint16(this.#take(2));
  }
  u32(): bigint {
    return BigInt(this.#view.getUint32(this.#take(4)));
  }
  u64(): bigint {
    return this.#view.getBigUint64(this.#take(8));
  }
  raw(count: number): Uint8Array {
    const at = this.#take(count);
    return Uint8Array.from(this.#bytes.subarray(at, at + count)); // a copy, also of a Buffer
  }
  #number(modulus: bigint, what: string): bigint {
    const at = this.#take(32);
    const value = fromBytes32(this.#bytes.subarray(at, at + 32));
    if (value >= modulus) throw this.malformed(`${what} out of range`);
    return value;
  }
  field(): bigint {
    return this.#number(FIELD_MODULUS, "field element");
  }
  scalar(): bigint {
    return this.#number(SCALAR_MODULUS, "scalar");
  }
  /** A byte of flags, of which only the lowest `count` may be set. */
  flags(count: number): boolean[] {
    const byte = this.u8();
    if (byte >> count !== 0) throw this.malformed("unknown flag");
    return Array.from({ length: count }, (_, i) => ((byte >> i) & 1) === 1);
  }
  /** A count, bounded before anything is allocated for it. */
  count(value: number, maximum: number, what: string): number {
    if (value > maximum) throw this.malformed(`${value} ${what}, more than ${maximum}`);
    return value;
  }
  end(): void {
    if (this.#offset !== this.#bytes.length) throw this.malformed("bytes behind the end");
  }
}

/** Packs booleans into one byte, first in the lowest bit. */
export function flagsByte(...flags: readonly boolean[]): number {
  return flags.reduce((byte, flag, i) => byte | (flag ? 1 << i : 0), 0);
}

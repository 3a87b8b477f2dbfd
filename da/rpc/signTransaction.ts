import { keccak_256 } from "@noble/hashes/sha3.js";
import type { SigningKey } from "ethers";
import type { Hex } from "../DaTypes.ts";

/** A transaction of type 2 (EIP-1559) that names no access list. */
export interface UnsignedTransaction {
  readonly chainId: bigint;
  readonly nonce: number;
  readonly tip: bigint;
  /** Most that it pays for a unit of gas, tip included. */
  readonly cap: bigint;
  readonly gasLimit: bigint;
  /** Undefined to create a contract. */
  readonly to: Hex | undefined;
  /** Of the chain's smallest unit. */
  readonly value: bigint;
  readonly data: Hex;
}

export interface SignedBytes {
  readonly hash: Hex;
  readonly raw: Hex;
}

const TYPE = Buffer.of(2);
const SHORT = 55;

/**
 * Signs as ethers does, whose hashing and loops over digits take a hundred milliseconds for a chunk: with several senders in
 * a process, that and not the chain was the limit.
 */
export function signTransaction(transaction: UnsignedTransaction, key: SigningKey): SignedBytes {
  const { chainId, nonce, tip, cap, gasLimit, to, value, data } = transaction;
  const fields = [
    number(chainId),
    number(BigInt(nonce)),
    number(tip),
    number(cap),
    number(gasLimit),
    bytes(to === undefined ? Buffer.alloc(0) : bytesOf(to)),
    number(value),
    bytes(bytesOf(data)),
    list([]),
  ];
  const digest = Buffer.from(keccak_256(Buffer.concat([TYPE, list(fields)])));
  const { r, s, yParity } = key.sign(digest);
  const signature = [BigInt(yParity), BigInt(r), BigInt(s)].map(number);
  const raw = Buffer.concat([TYPE, list([...fields, ...signature])]);
  return { raw: hexOf(raw), hash: hexOf(Buffer.from(keccak_256(raw))) };
}

/** RLP of a number: big-endian, without leading zeros; zero has no bytes. */
function number(value: bigint): Buffer {
  if (value === 0n) return bytes(Buffer.alloc(0));
  const digits = value.toString(16);
  return bytes(Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, "hex"));
}

function bytes(content: Buffer): Buffer {
  return content.length === 1 && content[0]! < 0x80
    ? content
    : Buffer.concat([head(0x80, content.length), content]);
}

function list(items: readonly Buffer[]): Buffer {
  const content = Buffer.concat(items);
  return Buffer.concat([head(0xc0, content.length), content]);
}

function head(kind: number, length: number): Buffer {
  if (length <= SHORT) return Buffer.of(kind + length);
  const digits = length.toString(16);
  const size = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, "hex");
  return Buffer.concat([Buffer.of(kind + SHORT + size.length), size]);
}

function bytesOf(data: Hex): Buffer {
  return Buffer.from(data.slice(2), "hex");
}

function hexOf(data: Buffer): Hex {
  return `0x${data.toString("hex")}`;
}

import {
  type AccountChange,
  ByteReader,
  ByteWriter,
  readAccount,
  readState,
  type State,
  stateHash,
  writeAccount,
  writeState,
} from "../../protocol/index.ts";
import type { IndexedLeaf } from "../traces.ts";

/** Keys of a replica's records. Numbers are hex of fixed width, so that keys sort as numbers do. */
export const recordKeys = {
  /** Hash of the genesis state: 32 bytes. */
  genesis: "replica/genesis",
  /** The last final state. */
  base: "replica/base",
  /** Accounts and map leaves of the base, by index. */
  accounts: "replica/account/",
  account: (index: bigint) => `replica/account/${hex(index)}`,
  ids: "replica/id/",
  id: (index: bigint) => `replica/id/${hex(index)}`,
  /** States not final yet, by hash: what changed since their source. */
  steps: "replica/step/",
  step: (target: bigint) => `replica/step/${target.toString(16).padStart(64, "0")}`,
} as const;

function hex(index: bigint): string {
  return index.toString(16).padStart(9, "0"); // 36 bits
}

/** A state that is not final yet, as changes to the state it came from. */
export interface StoredStep {
  /** H(S) of the source. */
  readonly source: bigint;
  readonly target: State;
  readonly changes: readonly AccountChange[];
}

function encode(write: (out: ByteWriter) => void): Uint8Array {
  const out = new ByteWriter();
  write(out);
  return out.finish();
}

function decode<T>(bytes: Uint8Array, read: (input: ByteReader) => T): T {
  const input = new ByteReader(bytes);
  const value = read(input);
  input.end();
  return value;
}

export const encodeField = (value: bigint) => encode((out) => out.field(value));
export const decodeField = (bytes: Uint8Array) => decode(bytes, (input) => input.field());

/** A state with its hash behind it: most of its fields have no root to be compared with. */
export function encodeState(state: State): Uint8Array {
  return encode((out) => {
    writeState(out, state);
    out.field(stateHash(state));
  });
}

export function decodeState(bytes: Uint8Array): State {
  return decode(bytes, (input) => {
    const state = readState(input);
    if (input.field() !== stateHash(state)) throw input.malformed("state with another hash");
    return state;
  });
}

export const encodeAccount = (account: AccountChange["account"]) =>
  encode((out) => writeAccount(out, account));
export const decodeAccount = (bytes: Uint8Array) => decode(bytes, readAccount);

export function encodeLeaf({ key, value, nextKey }: IndexedLeaf): Uint8Array {
  return encode((out) => {
    for (const element of [key, value, nextKey]) out.field(element);
  });
}

export function decodeLeaf(bytes: Uint8Array): IndexedLeaf {
  return decode(bytes, (input) => ({ key: input.field(), value: input.field(), nextKey: input.field() }));
}

export function encodeStep(step: StoredStep): Uint8Array {
  return encode((out) => {
    out.field(step.source);
    writeState(out, step.target);
    out.u32(BigInt(step.changes.length));
    for (const { index, account } of step.changes) {
      out.u64(index);
      writeAccount(out, account);
    }
  });
}

export function decodeStep(bytes: Uint8Array): StoredStep {
  return decode(bytes, (input) => {
    const source = input.field();
    const target = readState(input);
    const count = Number(input.u32());
    const changes = Array.from({ length: count }, () => ({
      index: input.u64(),
      account: readAccount(input),
    }));
    return { source, target, changes };
  });
}

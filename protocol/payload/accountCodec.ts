import {
  type Account,
  type AuthRequired,
  type PermissionName,
  type Permissions,
  permissionNames,
  type Timing,
  type ZkappState,
} from "../account.ts";
import { type ByteReader, type ByteWriter, flagsByte } from "../bytes.ts";
import { STATE_FIELDS } from "../limits.ts";
import { readKey, writeKey } from "./commandCodec.ts";

const ACTION_STATES = 5;
const SYMBOL_BYTES = 6;
const auths: readonly AuthRequired[] = ["none", "either", "proof", "signature", "impossible"];

/** Account: flags, key, token, symbol, balance, nonce, hashes, then what the flags announce. */
export function writeAccount(out: ByteWriter, account: Account): void {
  const { delegate, timing, zkapp } = account;
  out.u8(flagsByte(delegate !== null, timing !== null, zkapp !== null));
  writeKey(out, account.publicKey);
  out.field(account.tokenId);
  const symbol = new TextEncoder().encode(account.tokenSymbol);
  out.u8(symbol.length);
  out.raw(symbol);
  out.u64(account.balance);
  out.u32(account.nonce);
  out.field(account.receiptChainHash);
  out.field(account.votingFor);
  for (const name of permissionNames) out.u8(auths.indexOf(account.permissions[name]));
  out.u32(account.permissions.setVerificationKeyTxnVersion);
  if (delegate) writeKey(out, delegate);
  if (timing) writeTiming(out, timing);
  if (zkapp) writeZkapp(out, zkapp);
}

/** @throws {PayloadError} `PAYLOAD_MALFORMED` */
export function readAccount(input: ByteReader): Account {
  const [hasDelegate, isTimed, isZkapp] = input.flags(3);
  return {
    publicKey: readKey(input),
    tokenId: input.field(),
    tokenSymbol: readSymbol(input),
    balance: input.u64(),
    nonce: input.u32(),
    receiptChainHash: input.field(),
    votingFor: input.field(),
    permissions: readPermissions(input),
    delegate: hasDelegate ? readKey(input) : null,
    timing: isTimed ? readTiming(input) : null,
    zkapp: isZkapp ? readZkapp(input) : null,
  };
}

function readSymbol(input: ByteReader): string {
  const bytes = input.raw(input.count(input.u8(), SYMBOL_BYTES, "bytes of token symbol"));
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw input.malformed("token symbol is not UTF-8");
  }
}

function readPermissions(input: ByteReader): Permissions {
  const entries = permissionNames.map((name) => {
    const auth = auths[input.u8()];
    if (!auth) throw input.malformed("unknown permission");
    return [name, auth] as const;
  });
  const txnVersion = input.u32();
  return {
    ...(Object.fromEntries(entries) as Record<PermissionName, AuthRequired>),
    setVerificationKeyTxnVersion: txnVersion,
  };
}

function writeTiming(out: ByteWriter, t: Timing): void {
  out.u64(t.initialMinimumBalance);
  out.u32(t.cliffTime);
  out.u64(t.cliffAmount);
  out.u32(t.vestingPeriod);
  out.u64(t.vestingIncrement);
}

function readTiming(input: ByteReader): Timing {
  return {
    initialMinimumBalance: input.u64(),
    cliffTime: input.u32(),
    cliffAmount: input.u64(),
    vestingPeriod: input.u32(),
    vestingIncrement: input.u64(),
  };
}

function writeZkapp(out: ByteWriter, z: ZkappState): void {
  for (const value of z.appState) out.field(value);
  out.field(z.verificationKeyHash);
  out.u32(z.zkappVersion);
  for (const value of z.actionState) out.field(value);
  out.u32(z.lastActionSlot);
  out.u8(flagsByte(z.provedState));
  out.field(z.zkappUriHash);
}

function readZkapp(input: ByteReader): ZkappState {
  return {
    appState: Array.from({ length: STATE_FIELDS }, () => input.field()),
    verificationKeyHash: input.field(),
    zkappVersion: input.u32(),
    actionState: Array.from({ length: ACTION_STATES }, () => input.field()),
    lastActionSlot: input.u32(),
    provedState: input.flags(1)[0]!,
    zkappUriHash: input.field(),
  };
}

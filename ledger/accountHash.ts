import {
  type Account,
  type AuthRequired,
  EMPTY_KEY,
  hash,
  type Permissions,
  permissionNames,
  type Timing,
  type ZkappState,
} from "../protocol/index.ts";
import { defaultZkapp } from "./defaultAccount.ts";
import { type Bits, bit, packBits } from "./packBits.ts";

/**
 * Mina's hash of an account: the leaf of the ledger.
 *
 * Fields go in the reverse of the record's order, whole field elements before packed bits; a missing zkApp hashes as
 * the default one, a missing delegate as the empty key.
 * Source: MinaProtocol/mina, src/lib/mina_base/account.ml (`digest`) · Twin: the circuits' account hash
 */
export function accountHash(account: Account): bigint {
  const delegate = account.delegate ?? EMPTY_KEY;
  return hash("MinaAccount*********", [
    account.zkapp === null ? defaultZkappHash() : zkappHash(account.zkapp),
    account.votingFor,
    delegate.x,
    account.receiptChainHash,
    account.tokenId,
    account.publicKey.x,
    ...packBits([
      ...permissionBits(account.permissions),
      ...timingBits(account.timing),
      bit(delegate.isOdd),
      [account.nonce, 32],
      [account.balance, 64],
      [tokenSymbolField(account.tokenSymbol), 48],
      bit(account.publicKey.isOdd),
    ]),
  ]);
}

/** Mina's hash of the zkApp part of an account. */
export function zkappHash(zkapp: ZkappState): bigint {
  return hash("MinaZkappAccount****", [
    zkapp.zkappUriHash,
    ...zkapp.actionState,
    zkapp.verificationKeyHash,
    ...zkapp.appState,
    ...packBits([bit(zkapp.provedState), [zkapp.lastActionSlot, 32], [zkapp.zkappVersion, 32]]),
  ]);
}

let ofDefault: bigint | undefined;
function defaultZkappHash(): bigint {
  ofDefault ??= zkappHash(defaultZkapp);
  return ofDefault;
}

/** The symbol's UTF-8 bytes as a little-endian number of 48 bits. */
export function tokenSymbolField(symbol: string): bigint {
  return new TextEncoder().encode(symbol).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/** constant, signature necessary, signature sufficient (`Permissions.Auth_required.encode`). */
const authBits: Readonly<Record<AuthRequired, bigint>> = {
  none: 0b101n,
  either: 0b001n,
  proof: 0b000n,
  signature: 0b011n,
  impossible: 0b110n,
};

const packedPermissions = new WeakMap<Permissions, readonly Bits[]>();

function permissionBits(permissions: Permissions): readonly Bits[] {
  const known = packedPermissions.get(permissions);
  if (known) return known;
  const bits = permissionNames.flatMap((name): Bits[] => {
    const auth: Bits[] = [...authBits[permissions[name]].toString(2).padStart(3, "0")].map((b) => [
      BigInt(b),
      1,
    ]);
    return name === "setVerificationKey" ? [...auth, [permissions.setVerificationKeyTxnVersion, 32]] : auth;
  });
  packedPermissions.set(permissions, bits);
  return bits;
}

/** Mina's untimed account: period 1, so that nothing divides by zero. */
const untimed: readonly Bits[] = [
  [0n, 1],
  [0n, 64],
  [0n, 32],
  [0n, 64],
  [1n, 32],
  [0n, 64],
];

function timingBits(timing: Timing | null): readonly Bits[] {
  if (timing === null) return untimed;
  return [
    [1n, 1],
    [timing.initialMinimumBalance, 64],
    [timing.cliffTime, 32],
    [timing.cliffAmount, 64],
    [timing.vestingPeriod, 32],
    [timing.vestingIncrement, 64],
  ];
}

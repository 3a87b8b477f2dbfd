import { Bool, Field, PublicKey, UInt32, UInt64 } from "o1js";
import {
  type Account,
  EMPTY_KEY,
  type PermissionName,
  type Permissions as PermissionsValue,
  type PublicKey as PublicKeyValue,
  permissionNames,
  type Timing as TimingValue,
  type ZkappState as ZkappValue,
} from "../../protocol/index.ts";
import { MinaAccount, Timing } from "./MinaAccount.ts";
import { Permission, Permissions } from "./Permissions.ts";
import { NO_ZKAPP, ZkappState } from "./ZkappState.ts";

/** The provable twin of an account, for witnesses. */
export function accountFrom(account: Account): MinaAccount {
  return new MinaAccount({
    publicKey: publicKeyFrom(account.publicKey),
    tokenId: Field(account.tokenId),
    tokenSymbol: Field(symbolField(account.tokenSymbol)),
    balance: UInt64.from(account.balance),
    nonce: UInt32.from(account.nonce),
    receiptChainHash: Field(account.receiptChainHash),
    delegate: publicKeyFrom(account.delegate ?? EMPTY_KEY),
    votingFor: Field(account.votingFor),
    timing: timingFrom(account.timing),
    permissions: permissionsFrom(account.permissions),
    zkapp: account.zkapp ? zkappFrom(account.zkapp).digest() : NO_ZKAPP,
  });
}

export function publicKeyFrom({ x, isOdd }: PublicKeyValue): PublicKey {
  return PublicKey.from({ x: Field(x), isOdd: Bool(isOdd) });
}

export function zkappFrom(zkapp: ZkappValue): ZkappState {
  return new ZkappState({
    appState: zkapp.appState.map((field) => Field(field)),
    verificationKeyHash: Field(zkapp.verificationKeyHash),
    zkappVersion: UInt32.from(zkapp.zkappVersion),
    actionState: zkapp.actionState.map((field) => Field(field)),
    lastActionSlot: UInt32.from(zkapp.lastActionSlot),
    provedState: Bool(zkapp.provedState),
    zkappUriHash: Field(zkapp.zkappUriHash),
  });
}

function permissionsFrom(permissions: PermissionsValue): Permissions {
  const each = permissionNames.map((name) => [name, Permission.of(permissions[name])]);
  return new Permissions({
    ...(Object.fromEntries(each) as Record<PermissionName, Permission>),
    setVerificationKeyTxnVersion: UInt32.from(permissions.setVerificationKeyTxnVersion),
  });
}

function timingFrom(timing: TimingValue | null): Timing {
  if (!timing) return Timing.untimed();
  return new Timing({
    isTimed: Bool(true),
    initialMinimumBalance: UInt64.from(timing.initialMinimumBalance),
    cliffTime: UInt32.from(timing.cliffTime),
    cliffAmount: UInt64.from(timing.cliffAmount),
    vestingPeriod: UInt32.from(timing.vestingPeriod),
    vestingIncrement: UInt64.from(timing.vestingIncrement),
  });
}

/** The symbol's UTF-8 bytes as a little-endian integer. */
function symbolField(symbol: string): bigint {
  return new TextEncoder().encode(symbol).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

import { hash } from "./poseidon.ts";
import { EMPTY_KEY, type PublicKey } from "./publicKey.ts";
import { tags } from "./tags.ts";

/** Token id of MINA itself. */
export const MINA_TOKEN = 1n;

/** How an action on an account must be authorised. Mina's `Auth_required`. */
export type AuthRequired = "none" | "either" | "proof" | "signature" | "impossible";

/** The thirteen permissions, in the order of Mina's record. */
export const permissionNames = [
  "editState",
  "access",
  "send",
  "receive",
  "setDelegate",
  "setPermissions",
  "setVerificationKey",
  "setZkappUri",
  "editActionState",
  "setTokenSymbol",
  "incrementNonce",
  "setVotingFor",
  "setTiming",
] as const;
export type PermissionName = (typeof permissionNames)[number];

export type Permissions = Readonly<Record<PermissionName, AuthRequired>> & {
  /** Transaction version that `setVerificationKey` was set at: after a hard fork it falls back to a signature. */
  readonly setVerificationKeyTxnVersion: bigint;
};

/** Vesting schedule. Slots are 32 bits, amounts 64 bits of nanomina. */
export interface Timing {
  readonly initialMinimumBalance: bigint;
  readonly cliffTime: bigint;
  readonly cliffAmount: bigint;
  readonly vestingPeriod: bigint;
  readonly vestingIncrement: bigint;
}

/** The zkApp part of an account, with hashes in place of the key and the URI. */
export interface ZkappState {
  /** Eight fields on today's network. */
  readonly appState: readonly bigint[];
  readonly verificationKeyHash: bigint;
  readonly zkappVersion: bigint;
  /** The last five action states, newest first. */
  readonly actionState: readonly bigint[];
  readonly lastActionSlot: bigint;
  readonly provedState: boolean;
  readonly zkappUriHash: bigint;
}

/** A Mina account in full (MinaProtocol/mina, account.ml). */
export interface Account {
  readonly publicKey: PublicKey;
  readonly tokenId: bigint;
  /** At most six bytes of UTF-8. */
  readonly tokenSymbol: string;
  /** Nanomina, 64 bits. */
  readonly balance: bigint;
  /** 32 bits. */
  readonly nonce: bigint;
  readonly receiptChainHash: bigint;
  readonly delegate: PublicKey | null;
  readonly votingFor: bigint;
  readonly timing: Timing | null;
  readonly permissions: Permissions;
  readonly zkapp: ZkappState | null;
}

/** What a new account gets. Mina's `Permissions.user_default`. */
export const userPermissions: Permissions = {
  editState: "signature",
  access: "none",
  send: "signature",
  receive: "none",
  setDelegate: "signature",
  setPermissions: "signature",
  setVerificationKey: "signature",
  setZkappUri: "signature",
  editActionState: "signature",
  setTokenSymbol: "signature",
  incrementNonce: "signature",
  setVotingFor: "signature",
  setTiming: "signature",
  setVerificationKeyTxnVersion: 3n,
};

/** Key of an account in the accounts map: one leaf per (key, token). */
export function accountIdKey(publicKey: PublicKey, tokenId: bigint = MINA_TOKEN): bigint {
  return hash(tags.accountId, [publicKey.x, publicKey.isOdd ? 1n : 0n, tokenId]);
}

/** Whether this is Mina's "no account" leaf. */
export function isEmptyKey(key: PublicKey): boolean {
  return key.x === EMPTY_KEY.x && key.isOdd === EMPTY_KEY.isOdd;
}

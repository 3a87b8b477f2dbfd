import { commandDigest } from "../../../ledger/index.ts";
import {
  type AccountUpdate,
  base58Versions,
  type FeePayer,
  littleEndian,
  type PublicKey,
  publicKeyFromBase58,
  publicKeyOf,
  samePublicKey,
  signFields,
  toBase58,
  type ZkappCommand,
} from "../../../protocol/index.ts";

export interface TestKey {
  readonly privateKey: string;
  readonly publicKey: PublicKey;
}

const keys = new Map<number, TestKey>();
/** The same key for the same number, always. */
export function testKey(n: number): TestKey {
  let key = keys.get(n);
  if (!key) {
    const privateKey = toBase58(
      base58Versions.privateKey,
      Uint8Array.from([1, ...littleEndian(BigInt(n + 1) * 7919n)]),
    );
    key = { privateKey, publicKey: publicKeyFromBase58(publicKeyOf(privateKey)) };
    keys.set(n, key);
  }
  return key;
}

const NO_SIGNATURE = { r: 0n, s: 0n };

/** An account update that does nothing, with `changes`. `authorization: "signed"` asks {@link signed} for a signature. */
export function update(
  publicKey: PublicKey,
  changes: Partial<Omit<AccountUpdate, "authorization">> & { signed?: boolean } = {},
): AccountUpdate {
  const { signed, ...rest } = changes;
  return {
    publicKey,
    callDepth: 0,
    balanceChange: 0n,
    incrementNonce: false,
    useFullCommitment: false,
    implicitAccountCreationFee: false,
    mayUseToken: "no",
    nonce: null,
    validWhile: null,
    ...rest,
    authorization: signed ? NO_SIGNATURE : null,
  };
}

export function memo(text: string): Uint8Array {
  const bytes = new Uint8Array(34);
  bytes[0] = 1;
  bytes[1] = text.length;
  bytes.set(new TextEncoder().encode(text), 2);
  return bytes;
}

export interface Draft {
  readonly feePayer: { key: TestKey; fee?: bigint; nonce: bigint; validUntil?: bigint | null };
  readonly updates?: readonly AccountUpdate[];
  readonly memo?: string;
}

/** Signs the fee payer and every update that wants it, with the test keys. */
export function signed(draft: Draft, others: readonly TestKey[] = []): ZkappCommand {
  const { key, fee = 0n, nonce, validUntil = null } = draft.feePayer;
  const feePayer: FeePayer = { publicKey: key.publicKey, fee, nonce, validUntil, signature: NO_SIGNATURE };
  const command = { feePayer, updates: draft.updates ?? [], memo: memo(draft.memo ?? "") };
  const { commitment, fullCommitment } = commandDigest(command);
  const sign = (publicKey: PublicKey, message: bigint) => {
    const found = [key, ...others, ...keys.values()].find((k) => samePublicKey(k.publicKey, publicKey));
    if (!found) throw new Error("no key for an update that wants a signature");
    return signFields(found.privateKey, [message]);
  };
  return {
    ...command,
    feePayer: { ...feePayer, signature: sign(key.publicKey, fullCommitment) },
    updates: command.updates.map((u) =>
      u.authorization === null
        ? u
        : { ...u, authorization: sign(u.publicKey, u.useFullCommitment ? fullCommitment : commitment) },
    ),
  };
}

export interface Transfer {
  readonly from: TestKey;
  readonly to: PublicKey;
  readonly amount: bigint;
  readonly nonce: bigint;
  readonly fee?: bigint;
  readonly memo?: string;
  /** What `fundNewAccount` adds: the sender pays the recipient's creation fee. */
  readonly creationFee?: bigint;
}

/** What o1js makes of `AccountUpdate.createSigned(sender).send({ to, amount })`, sender and fee payer being one. */
export function transfer({ from, to, amount, nonce, fee, memo, creationFee }: Transfer): ZkappCommand {
  const funding = creationFee
    ? [update(from.publicKey, { balanceChange: -creationFee, useFullCommitment: true, signed: true })]
    : [];
  return signed({
    feePayer: { key: from, nonce, ...(fee === undefined ? {} : { fee }) },
    ...(memo === undefined ? {} : { memo }),
    updates: [
      ...funding,
      update(from.publicKey, { balanceChange: -amount, useFullCommitment: true, signed: true }),
      update(to, { balanceChange: amount }),
    ],
  });
}

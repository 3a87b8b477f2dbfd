import { AccountUpdate, Mina, PublicKey, UInt32, UInt64 } from "o1js";
import { base58Versions, MEMO_BYTES, toBase58 } from "../../protocol/index.ts";

/** Who pays for a transaction on L1. */
export interface FeePayer {
  /** Base58. */
  readonly publicKey: string;
  /** Nanomina. */
  readonly fee: bigint;
  readonly nonce: bigint;
  /** At most 32 bytes of text. */
  readonly memo?: string;
}

/**
 * Builds a transaction on the active instance of Mina, for proving: without a sender, o1js leaves the fee payer empty
 * instead of asking the network for its account.
 * @param validUntil last slot in which it may be included; null: no bound
 */
export async function commandToProve(
  feePayer: FeePayer,
  validUntil: bigint | null,
  updates: () => Promise<void>,
) {
  const transaction = await Mina.transaction(updates);
  const { body } = transaction.transaction.feePayer;
  body.publicKey = PublicKey.fromBase58(feePayer.publicKey);
  body.fee = UInt64.from(feePayer.fee);
  body.nonce = UInt32.from(feePayer.nonce);
  if (validUntil !== null) body.validUntil = UInt32.from(validUntil);
  transaction.transaction.memo = feePayer.memo ?? "";
  return transaction;
}

/** A transaction that needs no proof, in Mina's JSON, not yet signed. */
export function unsignedCommand(feePayer: FeePayer, updates: readonly AccountUpdate[]): string {
  return JSON.stringify({
    feePayer: {
      body: {
        publicKey: feePayer.publicKey,
        fee: feePayer.fee.toString(),
        validUntil: null,
        nonce: feePayer.nonce.toString(),
      },
      authorization: "",
    },
    accountUpdates: updates.map((update) => AccountUpdate.toJSON(update)),
    memo: memoOf(feePayer.memo ?? ""),
  });
}

/** Mina's memo: a type byte, the text's length, the text padded with zeros to 32 bytes. */
function memoOf(text: string): string {
  const bytes = new Uint8Array(MEMO_BYTES);
  const encoded = new TextEncoder().encode(text);
  bytes.set([1, encoded.length]);
  bytes.set(encoded, 2);
  return toBase58(base58Versions.memo, bytes);
}

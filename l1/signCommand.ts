import Client from "mina-signer";
import { base58Versions, fromBase58 } from "../protocol/index.ts";
import { L1Error } from "./errors/L1Error.ts";
import type { MinaCommandJson } from "./graphql/MinaGraphqlBackend.ts";

// Mina's ledger knows two kinds of signatures, and everything that is not "mainnet" is of the other.
const clients = { mainnet: new Client({ network: "mainnet" }), devnet: new Client({ network: "devnet" }) };

/** Who pays for a command, and how. */
export interface FeePayment {
  /** `EKE…`; signs the fee payer and every update of the same key that announces a signature. */
  readonly privateKey: string;
  /** Nanomina. */
  readonly fee: bigint;
  readonly nonce: number;
  /** Last slot in which the command may be included; null: no bound. A failed command burns its fee, so set one where you can. */
  readonly validUntil: number | null;
  /** Private keys of others whose updates announce signatures: each signs those of its own key. */
  readonly cosigners?: readonly string[];
  readonly network?: "mainnet" | "devnet";
}

/**
 * Sets a command's fee payer and signs it anew; proofs stay as they are, since they say nothing about who pays.
 * That is how a proved command goes out again after a reorganisation, with a fresh nonce, a higher fee or a later slot.
 *
 * @throws {L1Error} `L1_FOREIGN_SIGNATURE` when another key has signed the fee payer too (full commitment): its owner must sign again
 */
export function signCommand(command: MinaCommandJson, payment: FeePayment): MinaCommandJson {
  const client = clients[payment.network ?? "devnet"];
  const publicKey = client.derivePublicKey(payment.privateKey);
  const body = {
    publicKey,
    fee: payment.fee.toString(),
    nonce: String(payment.nonce),
    validUntil: payment.validUntil === null ? null : String(payment.validUntil),
  };
  const cosigners = payment.cosigners ?? [];
  if (JSON.stringify({ ...command.feePayer.body, ...body }) !== JSON.stringify(command.feePayer.body)) {
    checkForeignSignatures(command, [publicKey, ...cosigners.map((key) => client.derivePublicKey(key))]);
  }
  const { fee, nonce, validUntil } = body;
  const feePayer = { feePayer: publicKey, fee, nonce, validUntil, memo: memoText(command.memo) };
  const sign = (zkappCommand: MinaCommandJson, privateKey: string) =>
    client.signZkappCommand({ zkappCommand, feePayer }, privateKey).data.zkappCommand as MinaCommandJson;
  // The payer last: signing with another key leaves the fee payer without a signature.
  return [...cosigners, payment.privateKey].reduce(sign, command);
}

/** A signature over the full commitment covers the fee payer: those whose keys we have we make again, others we cannot. */
function checkForeignSignatures({ accountUpdates }: MinaCommandJson, signers: readonly string[]): void {
  const update = accountUpdates.findIndex(
    ({ body }) =>
      body.useFullCommitment && body.authorizationKind.isSigned && !signers.includes(body.publicKey),
  );
  if (update >= 0) throw new L1Error("L1_FOREIGN_SIGNATURE", { update });
}

/** mina-signer takes memos as text: base58check of 1, length, 32 bytes. */
function memoText(memo: string): string {
  const bytes = fromBase58(base58Versions.memo, 34, memo);
  if (bytes?.[0] !== 1 || bytes[1]! > 32) throw new L1Error("L1_MEMO_UNREADABLE", {});
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
      bytes.subarray(2, 2 + bytes[1]!),
    );
  } catch {
    throw new L1Error("L1_MEMO_UNREADABLE", {});
  }
}

import { Mina } from "o1js";
import { signTransaction } from "../../circuits/index.ts";
import { publicKeyOf } from "../../protocol/index.ts";
import type { Secret } from "../../service/index.ts";
import type { SettleModules } from "./settleBatch.ts";

export interface CommitSignerOptions {
  /** Nanomina for the first commit of a batch; each further one offers half as much again, up to ten times as much. */
  readonly fee: bigint;
  readonly network: "devnet" | "mainnet";
}
export interface CommitKeys {
  /** The sequencer authority of the outer contract. */
  readonly sequencer: Secret;
  /** Pays on L1; the sequencer's own key where it is not given. */
  readonly feePayer: Secret;
}

interface OpenCommand {
  readonly feePayer: { readonly body: Record<string, unknown> };
}

/** Puts the payment into a proved commit and signs it, as the authority and as its payer. */
export function createCommitSigner(
  options: CommitSignerOptions,
  keys: CommitKeys,
): SettleModules["signCommit"] {
  return async (proved, { nonce, validUntil, attempt }) => {
    const json = JSON.parse(proved as string) as OpenCommand;
    const sequencer = keys.sequencer.reveal();
    const feePayer = keys.feePayer.reveal();
    const body = {
      ...json.feePayer.body,
      publicKey: publicKeyOf(feePayer),
      fee: feeOf(options.fee, attempt).toString(),
      nonce: nonce.toString(),
      validUntil: validUntil.toString(),
    };
    const open = JSON.stringify({ ...json, feePayer: { ...json.feePayer, body } });
    const others = sequencer === feePayer ? [] : [sequencer];
    const command = JSON.parse(signTransaction(open, { feePayer, others }, options.network));
    return { hash: await Mina.Transaction.hash(command), command };
  };
}

/** A commit that was left lying is outbid by the next one. */
function feeOf(fee: bigint, attempt: number): bigint {
  let offer = fee;
  for (let i = 1; i < attempt && offer < fee * 10n; i++) offer += offer / 2n;
  return offer;
}

import type { L1Client, MinaCommandJson } from "../../l1/index.ts";
import { landingWindow, type OuterState } from "../../protocol/index.ts";
import type { Logger } from "../../service/index.ts";
import type { BatchRecord, Commit } from "../batches/BatchRecord.ts";
import { postingFor } from "../batches/postBatch.ts";
import { type ProveModules, proofNames, prove } from "../batches/proveBatch.ts";
import { SequencerError } from "../errors/SequencerError.ts";
import type { StoredProof } from "../ports/BatchProver.ts";
import type { L1View } from "./L1Follower.ts";

export interface SettleModules {
  readonly l1: Pick<L1Client, "send" | "status">;
  readonly log: Logger;
  /** Signs a proved commit as its fee payer. */
  readonly signCommit: (
    proved: StoredProof,
    payment: CommitPayment,
  ) => Promise<{ hash: string; command: MinaCommandJson }>;
}
export interface CommitPayment {
  readonly nonce: bigint;
  readonly validUntil: bigint;
  /** From 1: later ones may pay more. */
  readonly attempt: number;
}

/**
 * quorumProved → committed: proves the commit unless that is done, and signs it for the fee payer's nonce of now. The proof
 * holds nothing of the payment, so a commit that must go out again costs a signature only.
 * @throws {SequencerError} `SETTLEMENT_WINDOW_OVER`
 */
export async function buildCommit(
  batch: BatchRecord,
  outer: OuterState,
  view: L1View,
  modules: SettleModules & ProveModules,
): Promise<Commit> {
  const { validators } = view;
  const epoch = certifiedEpoch(batch);
  const validUntil = landingWindow(outer, batch.target, batch.landBy).upper;
  assertWindow(batch, view, validUntil);
  const proved = await prove(batch, proofNames.commit(validators, epoch), modules, async () => {
    const { header, dataRoot } = postingFor(batch);
    const { store, prover } = modules;
    const wrapper = await store.proof(batch.number, proofNames.join);
    const quorum = await store.proof(batch.number, proofNames.quorum(epoch));
    return await prover.commit({ outer, target: batch.target, header, dataRoot, wrapper, quorum });
  });
  const attempt = (batch.commit?.attempt ?? 0) + 1;
  const { nonce } = view;
  const { hash, command } = await modules.signCommit(proved, { nonce, validUntil, attempt });
  return { hash, command, nonce, validUntil, validators, attempt };
}

/** Epoch of the set whose certificate the batch has. */
export function certifiedEpoch({ number, certificate }: BatchRecord): bigint {
  if (certificate) return BigInt(certificate.epoch);
  throw new SequencerError("SEQUENCER_STORE_CORRUPT", { what: `batch ${number} has no certificate` });
}

/** Commits of one batch that may be built before a failure is no longer answered with another. */
const MAX_ATTEMPTS = 5;

/** L1 blocks that go by without a commit before it offers more: others then pay more for the same room. */
const PATIENCE_BLOCKS = 15n;

/** Where a commit stands that is not accepted, and what to do about it. */
export type CommitVerdict =
  /** L1 may still take it. */
  | "wait"
  /** L1 does not know it (any more), and it is still good: send the same again. */
  | "resend"
  /** It can never take effect, or only instead of another with its nonce: build that other one, which offers more. */
  | "rebuild";

/**
 * What to do about a commit that has been sent, while the outer account still holds its batch's source.
 *
 * Another commit is built only when this one cannot take effect any more, or with the same nonce: of two, L1 takes one.
 * @param lyingSince height of L1's tip when we first asked about this commit
 * @throws {SequencerError} `SETTLEMENT_WINDOW_OVER`, `SETTLEMENT_COMMIT_FAILED`
 */
export async function judgeCommit(
  batch: BatchRecord,
  commit: Commit,
  view: L1View,
  lyingSince: bigint,
  { l1, log }: SettleModules,
): Promise<CommitVerdict> {
  const { kind } = await l1.status(commit.hash);
  if (kind === "failed") {
    const error = new SequencerError("SETTLEMENT_COMMIT_FAILED", { batch: batch.number, hash: commit.hash });
    // Each failure costs a fee. What fails again and again is not L1's mood: a person must look.
    if (commit.attempt >= MAX_ATTEMPTS) throw error;
    log.warn("commit failed", { code: error.code, reason: error.message });
    assertWindow(batch, view, commit.validUntil);
    return "rebuild";
  }
  // Included, but not in the account that we read: the node is between two tips.
  if (kind === "included") return "wait";
  assertWindow(batch, view, commit.validUntil);
  // Validators have changed since: it pins what the account no longer holds.
  if (view.nonce > commit.nonce || view.validators !== commit.validators) return "rebuild";
  if (kind !== "pending") return "resend";
  const isOutbid = view.head.height - lyingSince >= PATIENCE_BLOCKS && commit.attempt < MAX_ATTEMPTS;
  return isOutbid ? "rebuild" : "wait";
}

/** @throws {SequencerError} `SETTLEMENT_WINDOW_OVER` when the next L1 block is too late already */
export function assertWindow(batch: BatchRecord, { head }: L1View, upper: bigint): void {
  if (head.slot < upper) return;
  throw new SequencerError("SETTLEMENT_WINDOW_OVER", { batch: batch.number, upper, slot: head.slot });
}

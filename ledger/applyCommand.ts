import {
  type Account,
  isOnCurve,
  MAX_UINT64,
  publicKeyToBase58,
  type ZkappCommand,
} from "../protocol/index.ts";
import { EMPTY_LOCAL_STATE, firstFrame, nextFrames } from "./callFrames.ts";
import { type CommandDigest, commandDigest, type UpdateDigest } from "./commandDigest.ts";
import { ExecutionError } from "./errors/ExecutionError.ts";
import type { Ledger } from "./Ledger.ts";
import { applyUpdate } from "./rules/applyUpdate.ts";
import { chargeExcess } from "./rules/chargeExcess.ts";
import { type RuleContext, type RuleUpdate, updateOfCommand, updateOfFeePayer } from "./rules/RuleUpdate.ts";
import type { AccountUpdateTrace, AppliedUpdate, LocalState } from "./traces.ts";
import { verifySignature } from "./verifySignature.ts";

/** What all commands of a block share, and what the batch collected before this one. */
export interface CommandContext extends RuleContext {
  /** Fees collected so far in this batch, nanomina. */
  readonly fees: bigint;
}

/** A trace without its place in the batch. */
export type CommandStep = Omit<AccountUpdateTrace, "block" | "command">;

/** What a command did besides changing accounts. */
export interface AppliedCommand {
  /** Collected fees after it: its fee and the creation fees of its new accounts are in. */
  readonly fees: bigint;
  /** Ledger indices of the accounts it created, in order. */
  readonly created: readonly bigint[];
  /** One per update, fee payer first; empty unless asked for. */
  readonly steps: readonly CommandStep[];
}

/**
 * Applies a command by Mina's zkApp rules; the departures are in docs/departures.md. One ledger pass: the fee payer and
 * the updates stand or fall together, and a command that fails leaves the ledger as it was and pays nothing.
 *
 * @param traced also record what a circuit needs; costs a Merkle path an update
 * @throws {ExecutionError} the first rule broken; {CommandError} `COMMAND_CALL_DEPTH`
 */
export function applyCommand(
  ledger: Ledger,
  command: ZkappCommand,
  context: CommandContext,
  { traced = false }: { traced?: boolean } = {},
): AppliedCommand {
  const digest = commandDigest(command);
  const attempt = ledger.fork();
  const run = new CommandRun(attempt, digest, context, traced);
  run.step(
    updateOfFeePayer(command.feePayer),
    { kind: "feePayer", feePayer: command.feePayer },
    { hash: digest.feePayer, children: 0n, siblings: digest.commitment },
  );
  for (const [i, update] of command.updates.entries())
    run.step(updateOfCommand(update, i + 1), { kind: "update", update }, digest.updates[i]!);
  const applied = run.finish();
  checkSignatures(command); // last, as it costs most
  ledger.adopt(attempt);
  return applied;
}

/**
 * Verifies every signature of a command over its commitments; needs no ledger.
 * @throws {ExecutionError} `EXECUTION_SIGNATURE_INVALID`
 */
export function checkSignatures(command: ZkappCommand): void {
  const { commitment, fullCommitment } = commandDigest(command);
  const all = [
    updateOfFeePayer(command.feePayer),
    ...command.updates.map((u, i) => updateOfCommand(u, i + 1)),
  ];
  for (const { position, publicKey, signature, useFullCommitment } of all) {
    const message = useFullCommitment ? fullCommitment : commitment;
    if (signature !== null && !verifySignature(publicKey, message, signature))
      throw new ExecutionError("EXECUTION_SIGNATURE_INVALID", { position });
  }
}

/** One command under way, on a ledger of its own. */
class CommandRun {
  readonly #ledger: Ledger;
  readonly #digest: CommandDigest;
  readonly #context: CommandContext;
  readonly #traced: boolean;
  readonly #created: bigint[] = [];
  readonly #steps: CommandStep[] = [];
  #local: LocalState = EMPTY_LOCAL_STATE;
  #fees: bigint;
  /** The ledger before the next update, as traces remember it. */
  #seen: Ledger;

  constructor(ledger: Ledger, digest: CommandDigest, context: CommandContext, traced: boolean) {
    this.#ledger = ledger;
    this.#digest = digest;
    this.#context = context;
    this.#traced = traced;
    this.#fees = context.fees;
    this.#seen = ledger.fork();
  }

  step(update: RuleUpdate, applied: AppliedUpdate, digest: UpdateDigest): void {
    const context = this.#context;
    const { index, before } = this.#open(update);
    const path = this.#traced ? this.#ledger.path(index) : null;
    const after = applyUpdate(before, update, this.#digest.fullCommitment, context);
    this.#ledger.set(index, after);
    const isNew = before === null;
    if (isNew) this.#created.push(index);
    const localBefore = this.#local;
    const excess = chargeExcess(localBefore.excess, isNew, update, context);
    const supply = localBefore.supply - (isNew ? context.creationFee : 0n);
    this.#local = this.#nextLocal(applied, digest, excess, supply);
    if (!path) return;
    const [ledgerBefore, ledgerAfter] = [this.#seen, this.#ledger.fork()];
    this.#seen = ledgerAfter;
    this.#steps.push({
      position: update.position,
      slot: context.slot,
      applied,
      memoHash: this.#digest.memoHash,
      updateHash: digest.hash,
      children: digest.children,
      siblings: digest.siblings,
      index,
      before,
      after,
      path,
      // Of all roots on the way a proof needs its two ends, so they are hashed when somebody asks.
      get ledgerRootBefore() {
        return ledgerBefore.root();
      },
      get ledgerRootAfter() {
        return ledgerAfter.root();
      },
      localBefore,
      localAfter: this.#local,
      feesAfter: this.#fees,
    });
  }

  finish(): AppliedCommand {
    return { fees: this.#fees, created: this.#created, steps: this.#steps };
  }

  /** Where the update's account stands, or will stand. */
  #open({ position, publicKey }: RuleUpdate): { index: bigint; before: Account | null } {
    const index = this.#ledger.indexOf(publicKey);
    if (index !== null) return { index, before: this.#ledger.get(index) };
    if (position === 0)
      throw new ExecutionError("EXECUTION_FEE_PAYER_UNKNOWN", { key: publicKeyToBase58(publicKey) });
    // Mina's nodes refuse such keys at the door; the empty key among them, which is what empty leaves carry.
    if (!isOnCurve(publicKey)) throw new ExecutionError("EXECUTION_KEY_INVALID", { position });
    return { index: this.#ledger.size, before: null };
  }

  /** Moves on in the call forest, and settles what a fee payer and a last update settle. */
  #nextLocal(applied: AppliedUpdate, digest: UpdateDigest, excess: bigint, supply: bigint): LocalState {
    const { commitment, fullCommitment, updates } = this.#digest;
    const isFeePayer = applied.kind === "feePayer";
    const position = this.#local.index;
    const isLast = position === BigInt(updates.length);
    if (isFeePayer) this.#collect(excess);
    else if (isLast && excess !== 0n) throw new ExecutionError("EXECUTION_EXCESS", { excess });
    if (isLast) {
      this.#collect(-supply);
      return EMPTY_LOCAL_STATE;
    }
    const frames = this.#traced ? this.#frames(applied, digest) : EMPTY_LOCAL_STATE;
    return {
      frame: frames.frame,
      stack: frames.stack,
      commitment,
      fullCommitment,
      excess: isFeePayer ? 0n : excess, // Mina moves the fee out of the local excess at once
      supply,
      index: position + 1n,
    };
  }

  /** Only circuits follow frames: on MINA alone, who calls whom decides nothing. */
  #frames(applied: AppliedUpdate, digest: UpdateDigest): Pick<LocalState, "frame" | "stack"> {
    if (applied.kind === "feePayer")
      return nextFrames(
        { frame: firstFrame(digest), stack: [] },
        { publicKey: applied.feePayer.publicKey, mayUseToken: "no" },
        digest,
      );
    return nextFrames(this.#local, applied.update, digest);
  }

  #collect(amount: bigint): void {
    this.#fees += amount;
    if (this.#fees > MAX_UINT64) throw new ExecutionError("EXECUTION_FEES_OVERFLOW", { fees: this.#fees });
  }
}

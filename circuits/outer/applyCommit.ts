import { type Bool, Field, Provable, type PublicKey, Struct, UInt32 } from "o1js";
import { attestationMessageOf, type QuorumOutput } from "../quorum/index.ts";
import { RollupState, stateHashOf, statementHashOf, type WrapperStatement } from "../wrapper/index.ts";
import { OuterErrors } from "./OuterErrors.ts";
import { DomainParts, Governance, OwedSlot, Status, ValidatorEpochs } from "./OuterFields.ts";
import { saturatingAdd } from "./saturatingAdd.ts";

/** The fields before a commit and what is behind their hashes, the step's target, and what the quorum signed with it. */
export class CommitWitness extends Struct({
  /** Fields 0 and 4 as they are; their preimages matter only in the target. */
  core: Field,
  cursor: Field,
  pending: OwedSlot,
  /** Fields 2 and 3, which only move on. */
  matured: Field,
  previous: Field,
  status: Status,
  validators: ValidatorEpochs,
  governance: Governance,
  domain: DomainParts,
  target: RollupState,
  landBy: UInt32,
  dataRoot: Field,
  dataLength: UInt32,
  scheme: Field,
}) {}

/** What the two proofs say. */
export interface CommitProofs {
  readonly wrapper: WrapperStatement;
  readonly message: Field;
  readonly quorum: QuorumOutput;
}

export interface CommitEffect {
  /** All eight, before and after. */
  readonly before: readonly Field[];
  readonly after: readonly Field[];
  /** Slots in which L1 may accept it. */
  readonly lower: UInt32;
  readonly upper: UInt32;
  /** Whether outer actions were processed, so that `recent` must be one of the account's own action states. */
  readonly moved: Bool;
  /** Whether anybody may commit; otherwise the sequencer authority signs. */
  readonly open: Bool;
}

/**
 * The rule of `commit`, on circuit variables and constants alike. Twin: `outerAfterCommit` in protocol/.
 *
 * Proves: the wrapper's statement is that of the step from fields 0 and 4 to `target` in this account's domain; a
 * quorum of the set in force signed exactly this statement with its data; the fields afterwards are the target's.
 * Leaves to the caller: verifying both proofs, pinning `before`, the window, `recent` and the authority's signature.
 */
export function applyCommit(self: PublicKey, proofs: CommitProofs, w: CommitWitness): CommitEffect {
  const governance = new Governance(w.governance);
  const status = new Status(w.status);
  const validators = new ValidatorEpochs(w.validators);
  const pending = new OwedSlot(w.pending);
  const target = new RollupState(w.target);
  status.frozen.assertFalse(OuterErrors.frozen);
  checkSigned(self, proofs, w, governance.domain, target);
  proofs.wrapper.ctx.assertEquals(governance.context, OuterErrors.wrongContext);
  const { lower, upper } = landing(w, target, status);
  // The set in force, or the one before it while its grace lasts for the whole window.
  const { setHash } = proofs.quorum;
  const inGrace = setHash.equals(validators.previous).and(upper.lessThanOrEqual(validators.graceEnd));
  setHash.equals(validators.current).or(inGrace).assertTrue(OuterErrors.wrongValidators);
  const cursorAfter = target.cursorHash();
  const moved = cursorAfter.equals(w.cursor).not();
  const fixed = [validators.hash(), governance.hash()];
  return {
    before: [w.core, pending.hash(), w.matured, w.previous, w.cursor, status.hash(), ...fixed],
    after: [
      target.coreHash(),
      ...promote(pending, new OwedSlot({ root: target.owedRoot, batch: target.batch, upper }), w, target),
      cursorAfter,
      statusAfter(status, moved).hash(),
      ...fixed,
    ],
    lower,
    upper,
    moved,
    open: status.openSince.value.equals(0).not(),
  };
}

/** Statement and message, recomputed from what the account holds and what the step leads to. */
function checkSigned(
  self: PublicKey,
  { wrapper, message, quorum }: CommitProofs,
  w: CommitWitness,
  domain: Field,
  target: RollupState,
): void {
  new DomainParts(w.domain).hash(self).assertEquals(domain, OuterErrors.wrongDomain);
  const statement = statementHashOf({
    source: stateHashOf(w.core, w.cursor),
    target: target.hash(),
    landBy: w.landBy,
    domain,
  });
  wrapper.statement.assertEquals(statement, OuterErrors.wrongStatement);
  const { dataRoot, scheme } = w;
  const dataLength = w.dataLength.value;
  const signed = attestationMessageOf({ setHash: quorum.setHash, statement, dataRoot, dataLength, scheme });
  message.assertEquals(signed, OuterErrors.wrongMessage);
}

/** [lastSlot, min(landBy, lastSlot + maxLag)], and not before a pause is over. */
function landing(w: CommitWitness, target: RollupState, status: Status): { lower: UInt32; upper: UInt32 } {
  const { lastSlot } = target;
  const paused = lastSlot.lessThan(status.pausedUntil);
  // In 33 bits and cut to 32: a lag that reaches beyond the last slot of all is no limit.
  const latest = saturatingAdd(lastSlot, w.governance.delays.maxLag);
  return {
    lower: Provable.if(paused, UInt32, status.pausedUntil, lastSlot),
    upper: Provable.if(w.landBy.lessThan(latest), UInt32, w.landBy, latest),
  };
}

/** Fields 1–3: a pending root that is old enough makes room for the target's; a younger one stays, or none would age. */
function promote(pending: OwedSlot, next: OwedSlot, w: CommitWitness, target: RollupState): Field[] {
  const due = pending.upper.value.add(w.governance.delays.claim.value);
  // Both sides have at most 33 bits.
  const mature = due.lessThanOrEqual(target.lastSlot.value);
  return [
    Provable.if(mature, next.hash(), pending.hash()),
    Provable.if(mature, pending.hash(), w.matured),
    Provable.if(mature, w.matured, w.previous),
  ];
}

/** Processing the queue ends what its neglect allowed. */
function statusAfter(status: Status, moved: Bool): Status {
  const keep = moved.not().toField();
  return new Status({
    ...status,
    openSince: UInt32.Unsafe.fromField(status.openSince.value.mul(keep)),
    freezeAnnouncedAt: UInt32.Unsafe.fromField(status.freezeAnnouncedAt.value.mul(keep)),
  });
}

import { Bool, Field, Poseidon, Provable, Struct, UInt32 } from "o1js";
import { tags } from "../../protocol/index.ts";
import type { QuorumOutput } from "../quorum/index.ts";
import { OuterErrors } from "./OuterErrors.ts";
import { Governance, ValidatorEpochs } from "./OuterFields.ts";
import { saturatingAdd, saturatingSub } from "./saturatingAdd.ts";

/** Fields 6 and 7 as they are, and what the two quorums signed besides their sets. */
export class RotationWitness extends Struct({
  validators: ValidatorEpochs,
  governance: Governance,
  /** H(S) that the next set has rebuilt. The current set's quorum vouches that L1 has accepted it. */
  state: Field,
  /** Last slot at which L1 may take the rotation. */
  until: UInt32,
  /** A key is in wrong hands: no grace for the set that goes. */
  removal: Bool,
}) {}

/** What one of the two quorum proofs says. */
export interface SignedBy {
  readonly message: Field;
  readonly quorum: QuorumOutput;
}

export interface RotationEffect {
  /** Field 6, before and after, and field 7, which stays. No other field is touched or pinned. */
  readonly before: Field;
  readonly after: Field;
  readonly governance: Field;
  /** Slots in which L1 may accept it. */
  readonly lower: UInt32;
  readonly upper: UInt32;
}

/** What a quorum of the current set signs. Twin: `rotationMessage` in protocol/. */
export function rotationMessageOf(r: {
  readonly domain: Field;
  readonly current: Field;
  readonly next: Field;
  readonly state: Field;
  readonly until: Field;
  readonly removal: Field;
}): Field {
  return Poseidon.hashWithPrefix(tags.rotate, [r.domain, r.current, r.next, r.state, r.until, r.removal]);
}

/** What every member of the next set signs. Twin: `possessionMessage` in protocol/. */
export function possessionMessageOf(p: {
  readonly domain: Field;
  readonly next: Field;
  readonly state: Field;
}): Field {
  return Poseidon.hashWithPrefix(tags.possession, [p.domain, p.next, p.state]);
}

/**
 * The rule of `rotateValidators`, on circuit variables and constants alike. Twin: `outerAfterRotation` in protocol/.
 *
 * Proves: a quorum of the set that is current, not of one in its grace, signed for exactly this next set, state, end and
 * kind in this domain; every member of the next set signed that it holds that state; the next epoch is the current one
 * plus one. So a rotation can neither be skipped nor be used again: sets differ in their epoch, and a set that has gone
 * never becomes current again.
 * Leaves to the caller: verifying both proofs, pinning fields 6 and 7 and the window.
 *
 * The state is not compared with fields 0 and 4: whoever commits could starve the rotation by moving them. Nor is field 5
 * pinned: a pause must not keep a set in force of which a key is lost.
 * The grace counts from the window's end, as landing's slot is not known here; the window is bounded for that reason.
 */
export function applyRotation(change: SignedBy, possession: SignedBy, w: RotationWitness): RotationEffect {
  const validators = new ValidatorEpochs(w.validators);
  const governance = new Governance(w.governance);
  const { state, until, removal } = w;
  const current = change.quorum.setHash;
  const next = possession.quorum.setHash;
  const { domain } = governance;

  current.assertEquals(validators.current, OuterErrors.rotationNotCurrent);
  change.message.assertEquals(
    rotationMessageOf({ domain, current, next, state, until: until.value, removal: removal.toField() }),
    OuterErrors.rotationNotSigned,
  );
  possession.message.assertEquals(
    possessionMessageOf({ domain, next, state }),
    OuterErrors.possessionNotSigned,
  );
  possession.quorum.allSigned.assertTrue(OuterErrors.possessionIncomplete);
  possession.quorum.epoch.assertEquals(change.quorum.epoch.add(1), OuterErrors.rotationEpoch);

  const { grace, maxLag } = governance.delays;
  const nothing = UInt32.zero;
  const after = new ValidatorEpochs({
    current: next,
    previous: Provable.if(removal, Field(0), current),
    graceEnd: Provable.if(removal, UInt32, nothing, saturatingAdd(until, grace)),
  });
  return {
    before: validators.hash(),
    after: after.hash(),
    governance: governance.hash(),
    lower: saturatingSub(until, saturatingAdd(grace, maxLag)),
    upper: until,
  };
}

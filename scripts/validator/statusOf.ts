import { fieldToHex } from "../../gossip/index.ts";
import {
  outerAfterRotation,
  type Rotation,
  termsOf,
  validatorEpochsHash,
  validatorSetHash,
} from "../../protocol/index.ts";
import type { BothSides } from "./readBothSides.ts";

/** What both sides say, as `zeko validator status` prints it. */
export function statusOf(sides: BothSides, rotation?: Rotation) {
  const { fieldHash, field, history, current, previous, slot, state } = sides;
  const mina = history.sets.find(({ hash }) => hash === field?.current);
  const epochOf = (wanted: bigint) =>
    history.sets.find(({ hash }) => hash === wanted)?.set.epoch.toString() ?? null;
  return {
    mina: {
      slot: slot.toString(),
      state: fieldToHex(state),
      validators: fieldToHex(fieldHash),
      epoch: mina?.set.epoch.toString() ?? null,
      set: mina ? fieldToHex(mina.hash) : null,
      previousEpoch: field && field.previous !== 0n ? epochOf(field.previous) : null,
      graceEndSlot: field?.graceEnd.toString() ?? null,
      previousInGrace: field !== undefined && field.previous !== 0n && slot <= field.graceEnd,
    },
    da: {
      epoch: current.epoch.toString(),
      set: fieldToHex(current.hash),
      members: current.members.length,
      threshold: current.threshold.toString(),
      previousEpoch: previous?.epoch.toString() ?? null,
      previousInForce: previous?.inForce ?? false,
      previousGraceEnd: previous ? new Date(Number(previous.graceEnd) * 1000).toISOString() : null,
    },
    agree: mina?.set.epoch === current.epoch,
    verdict: verdictOf(sides, rotation),
  };
}

/** One sentence: what stands between the two. */
function verdictOf(sides: BothSides, rotation?: Rotation): string {
  const { field, current, fieldHash } = sides;
  if (field?.current === current.hash) return "Mina and the DA chain have the same set in force.";
  if (field)
    return "The DA chain has mirrored a rotation that Mina does not have (any more): send it to Mina again.";
  if (rotation && validatorEpochsHash(fieldAfter(sides, rotation)) === fieldHash)
    return "Mina has taken this rotation; the DA chain has not mirrored it yet.";
  return "Mina has a set that the DA chain does not know: a rotation that is to be mirrored, whose proposal this command may be given.";
}

/** Field 6 of the outer account once it has taken the rotation. */
export function fieldAfter({ genesisOuter }: BothSides, rotation: Rotation) {
  const { next, until, kind } = termsOf(rotation);
  const validators = { current: validatorSetHash(rotation.current), previous: 0n, graceEnd: 0n };
  return outerAfterRotation({ ...genesisOuter, validators }, { next, until, kind }).validators;
}

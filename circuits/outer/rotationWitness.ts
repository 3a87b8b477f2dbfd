import { Bool, Field, UInt32 } from "o1js";
import type { OuterState, RotationKind } from "../../protocol/index.ts";
import { RotationWitness } from "./applyRotation.ts";
import { governance, validatorEpochs } from "./commitWitness.ts";

/** What a rotation is made from, besides its two proofs. */
export interface RotationInput {
  /** The outer account as L1 holds it; only fields 6 and 7 matter. */
  readonly outer: Pick<OuterState, "validators" | "governance">;
  readonly state: bigint;
  readonly until: bigint;
  readonly kind: RotationKind;
}

export function rotationWitness({ outer, state, until, kind }: RotationInput): RotationWitness {
  return new RotationWitness({
    validators: validatorEpochs(outer.validators),
    governance: governance(outer.governance),
    state: Field(state),
    until: UInt32.from(until),
    removal: Bool(kind === "removal"),
  });
}

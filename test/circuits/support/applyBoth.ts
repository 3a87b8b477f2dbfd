import assert from "node:assert/strict";
import { Provable } from "o1js";
import {
  applyUpdate,
  type Execution,
  LedgerContext,
  LedgerState,
  LocalState,
  SignedStep,
} from "../../../circuits/ledger/index.ts";
import type { CraftedStep } from "./craftStep.ts";

/** Applies a step on constants, then as constraints, and demands equal ends. */
export async function applyBoth({ context, before, step }: CraftedStep): Promise<Execution> {
  const plain = applyUpdate(context, before, step);
  await inCircuit({ context, before, step }, plain);
  return plain;
}

/** Demands that a step is refused for `reason`, on constants and by the constraints. */
export async function refusesBoth(crafted: CraftedStep, reason: string): Promise<void> {
  const says = (error: unknown) => error instanceof Error && error.message.includes(reason);
  assert.throws(() => applyUpdate(crafted.context, crafted.before, crafted.step), says);
  await assert.rejects(inCircuit(crafted), says);
}

async function inCircuit({ context, before, step }: CraftedStep, end?: Execution): Promise<void> {
  await Provable.runAndCheck(() => {
    const got = applyUpdate(
      new LedgerContext(Provable.witness(LedgerContext, () => context)),
      {
        state: new LedgerState(Provable.witness(LedgerState, () => before.state)),
        local: new LocalState(Provable.witness(LocalState, () => before.local)),
      },
      Provable.witness(SignedStep, () => step),
    );
    if (!end) return;
    Provable.assertEqual(LedgerState, got.state, end.state);
    Provable.assertEqual(LocalState, got.local, end.local);
  });
}

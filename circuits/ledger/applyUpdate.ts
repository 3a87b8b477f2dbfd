import { Field, Provable, UInt32, UInt64 } from "o1js";
import { forestHash, fullCommitment, ledgerIndex, transferUpdateHash } from "../mina/index.ts";
import { assertFits } from "./assertFits.ts";
import { changeAccount } from "./changeAccount.ts";
import { checkAuthorization } from "./checkAuthorization.ts";
import { checkFeePayer, checkForm, checkInterval } from "./checkForm.ts";
import type { LedgerContext } from "./LedgerContext.ts";
import { LedgerErrors } from "./LedgerErrors.ts";
import { LedgerState } from "./LedgerState.ts";
import { LocalState } from "./LocalState.ts";
import { moveMoney } from "./moveMoney.ts";
import { accountKey, foldNewAccount } from "./newAccounts.ts";
import { nextFrame } from "./nextFrame.ts";
import type { Execution, SignedStep } from "./SignedStep.ts";

/**
 * Applies one account update of a zkApp command: Mina's rules for updates that move MINA, on untimed accounts, by
 * signature or without authorisation.
 *
 * Proves, of an active step: the update is the next one of the open command, or the fee payer of a new one; its
 * signature and replay protection hold; its account stands at one index of the ledger, before and after; the
 * account's permissions and the update's preconditions are satisfied; balances, fees and excess add up.
 * An idle step changes nothing, whatever else its witness says.
 * Does not prove: that the command ends (the wrapper demands `local = EMPTY_LOCAL`), nor that a new account's id stood
 * nowhere else (IndexProgram does, by the fold).
 * Relies on: `local` is reachable, so that `calls = 0` means that every other field has its empty value.
 * Rows: test/snapshots/circuits.json. Source: MinaProtocol/mina, zkapp_command_logic.ml; docs/departures.md.
 */
export function applyUpdate(context: LedgerContext, before: Execution, step: SignedStep): Execution {
  const { state, local } = before;
  const { active, update, isNew } = step;
  // 1. whose turn it is
  const turn = takeTurn(local, step);
  checkForm(context, update, turn.starts);
  checkFeePayer(step, turn.starts);
  checkAuthorization(step, turn);
  const frame = nextFrame(local, step);
  // 2. when: a block's slot is announced where its first command starts
  const slot = Provable.if(turn.starts, step.slot.value, state.slot.value);
  assertFits(slot.sub(state.slot.value), 32, LedgerErrors.slotDecreases);
  checkInterval(update.slot, slot, LedgerErrors.slotOutside);
  checkInterval(update.nonce, step.account.nonce.value, LedgerErrors.nonceOutside);
  // 3. the money, and the account
  const ends = frame.ends.and(active);
  const { change, excess, supply, fees } = moveMoney(context, before, { step, starts: turn.starts, ends });
  const roots = changeAccount(context, step, {
    change,
    fullCommitment: turn.fullCommitment,
    position: local.index,
  });
  Provable.if(active, roots.before, state.ledgerRoot).assertEquals(
    state.ledgerRoot,
    LedgerErrors.accountNotInLedger,
  );
  const fold = foldNewAccount(state.newAccounts, accountKey(update.publicKey), ledgerIndex(step.path));
  // 4. what it leads to; between two commands the local state is the empty one
  const unlessEnds = (value: Field) => Provable.if(ends, Field(0), value);
  const next: Execution = {
    state: new LedgerState({
      ...state,
      ledgerRoot: roots.after,
      slot: UInt32.Unsafe.fromField(slot),
      newAccounts: Provable.if(isNew, fold, state.newAccounts),
      fees: UInt64.Unsafe.fromField(fees),
    }),
    local: new LocalState({
      caller: frame.caller,
      callerCaller: frame.callerCaller,
      calls: frame.calls,
      stack: frame.stack,
      commitment: unlessEnds(turn.commitment),
      fullCommitment: unlessEnds(turn.fullCommitment),
      excess: excess,
      supply: unlessEnds(supply),
      index: unlessEnds(local.index.add(1)),
    }),
  };
  return {
    state: new LedgerState(Provable.if(active, LedgerState, next.state, state)),
    local: new LocalState(Provable.if(active, LocalState, next.local, local)),
  };
}

/** Whether a command starts, with the commitments that its signatures are for. */
function takeTurn(local: LocalState, { active, update, children, siblings, memoHash }: SignedStep) {
  const starts = active.and(local.calls.equals(0));
  const hash = transferUpdateHash(update, starts);
  // A start binds the forest by signature instead: the full commitment covers the fee payer and its siblings.
  const continues = active.and(starts.not());
  const forest = forestHash(hash, children, siblings);
  Provable.if(continues, forest, local.calls).assertEquals(local.calls, LedgerErrors.notNextUpdate);
  return {
    starts,
    commitment: Provable.if(starts, siblings, local.commitment),
    fullCommitment: Provable.if(starts, fullCommitment(memoHash, hash, siblings), local.fullCommitment),
  };
}

import { Field, Poseidon, Struct } from "o1js";
import { MINA_TOKEN, tags } from "../../protocol/index.ts";

/**
 * Where a zkApp command stands between two account updates; `EMPTY_LOCAL` between two commands.
 *
 * A command may start in one proof and end in the next, so this travels in `LedgerState` as a hash. Only reachable
 * values are ever hashed: a range starts from `EMPTY_LOCAL` (the wrapper demands it) and every step is proved.
 * Twin: `LocalState` in ledger/traces.ts, with the stack as a list.
 */
export class LocalState extends Struct({
  /** Hash of the frames below the current one, 0 when there are none. */
  stack: Field,
  /** Token that updates of this frame call "parent's own"; 1 at the top level. */
  caller: Field,
  /** Token that updates of this frame call "inherited from the parent". */
  callerCaller: Field,
  /** Call forest of this frame not yet applied. Zero if and only if no command is open. */
  calls: Field,
  /** Hash of the forest without the fee payer: what an update without full commitment signs. */
  commitment: Field,
  /** The same with fee payer and memo. */
  fullCommitment: Field,
  /** Paid in less taken out, nanomina; signed, |excess| < 2^64, negative values as p − x. */
  excess: Field,
  /** Minus the creation fees of this command so far, nanomina; joins the collected fees when the command ends. */
  supply: Field,
  /** Position of the next update in its command, the fee payer being 0. */
  index: Field,
}) {
  /** No command is open. */
  static override empty(): LocalState {
    const zero = Field(0);
    const token = Field(MINA_TOKEN);
    return new LocalState({
      stack: zero,
      caller: token,
      callerCaller: token,
      calls: zero,
      commitment: zero,
      fullCommitment: zero,
      excess: zero,
      supply: zero,
      index: zero,
    });
  }

  hash(): Field {
    return Poseidon.hashWithPrefix(tags.localState, [
      this.stack,
      this.caller,
      this.callerCaller,
      this.calls,
      this.commitment,
      this.fullCommitment,
      this.excess,
      this.supply,
      this.index,
    ]);
  }
}

/** `local` of every σ in which no command is open. */
export const EMPTY_LOCAL: Field = LocalState.empty().hash();

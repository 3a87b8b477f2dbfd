import { DynamicProof, FeatureFlags, Field, Struct, Void } from "o1js";

/**
 * "The step that `statement` names follows Mina's rules and this rollup's, up to the outer action state `recent`."
 *
 * `recent` stands outside of the signed statement, so that newer L1 actions need no new quorum. So does `ctx`: it holds
 * the creation fee and the inner account, which genesis sets and neither the statement nor the state names; the outer
 * contract compares it with field 7.
 */
export class WrapperStatement extends Struct({ statement: Field, recent: Field, ctx: Field }) {}

/** A wrapper proof as the outer contract takes it: with its verification key pinned instead of compiled in. */
export class WrapperProof extends DynamicProof<WrapperStatement, void> {
  static override publicInputType = WrapperStatement;
  static override publicOutputType = Void;
  static override maxProofsVerified = 2 as const;
  static override featureFlags = FeatureFlags.allMaybe;
}

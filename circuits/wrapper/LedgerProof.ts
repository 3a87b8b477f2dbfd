import { DynamicProof, FeatureFlags, Void } from "o1js";
import { LedgerStatement } from "../ledger/index.ts";

/** A ledger proof as another circuit takes it: with its verification key pinned there instead of compiled in. */
export class LedgerProof extends DynamicProof<LedgerStatement, void> {
  static override publicInputType = LedgerStatement;
  static override publicOutputType = Void;
  static override maxProofsVerified = 2 as const;
  static override featureFlags = FeatureFlags.allMaybe;
}

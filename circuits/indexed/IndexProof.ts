import { DynamicProof, FeatureFlags, Void } from "o1js";
import { IndexStatement } from "./IndexState.ts";

/** An index proof as another circuit takes it: with its verification key pinned there instead of compiled in. */
export class IndexProof extends DynamicProof<IndexStatement, void> {
  static override publicInputType = IndexStatement;
  static override publicOutputType = Void;
  static override maxProofsVerified = 2 as const;
  static override featureFlags = FeatureFlags.allMaybe;
}

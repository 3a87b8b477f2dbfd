import { DynamicProof, FeatureFlags, Field } from "o1js";
import { QuorumOutput } from "./QuorumStatement.ts";

/** A quorum proof as another circuit takes it: with its verification key pinned there instead of compiled in. */
export class QuorumProof extends DynamicProof<Field, QuorumOutput> {
  static override publicInputType = Field;
  static override publicOutputType = QuorumOutput;
  static override maxProofsVerified = 0 as const;
  static override featureFlags = FeatureFlags.allMaybe;
}

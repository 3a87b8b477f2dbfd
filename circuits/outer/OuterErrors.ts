/** Every assertion text of the outer contract's methods. A prover that breaks a rule reports it in `CIRCUIT_REFUSED`. */
export const OuterErrors = {
  wrongDomain: "zeko-outer: the domain is not field 7's, or names another outer account",
  wrongContext: "zeko-outer: the batch was executed under other constants than field 7's",
  wrongStatement: "zeko-outer: the proof is not of the step from this state to that target",
  wrongMessage: "zeko-outer: the quorum signed another batch",
  wrongValidators: "zeko-outer: the quorum is of a set that is not in force at that time",
  frozen: "zeko-outer: the rollup is frozen",
  rotationNotCurrent: "zeko-outer: the quorum for a rotation is not of the set in force",
  rotationNotSigned: "zeko-outer: the quorum signed another rotation",
  possessionNotSigned: "zeko-outer: the next set signed possession of something else",
  possessionIncomplete: "zeko-outer: not every member of the next set signed possession",
  rotationEpoch: "zeko-outer: the next set's epoch is not the one after the current set's",
  deployUnused:
    "zeko-outer: deploy with deployOuter, which sets all fields and permissions in one transaction",
} as const;

/** Every assertion text of the outer contract's methods. A prover that breaks a rule reports it in `CIRCUIT_REFUSED`. */
export const OuterErrors = {
  wrongDomain: "zeko-outer: the domain is not field 7's, or names another outer account",
  wrongContext: "zeko-outer: the batch was executed under other constants than field 7's",
  wrongStatement: "zeko-outer: the proof is not of the step from this state to that target",
  wrongMessage: "zeko-outer: the quorum signed another batch",
  wrongValidators: "zeko-outer: the quorum is of a set that is not in force at that time",
  frozen: "zeko-outer: the rollup is frozen",
  deployUnused:
    "zeko-outer: deploy with deployOuter, which sets all fields and permissions in one transaction",
} as const;

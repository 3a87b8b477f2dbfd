/** Every assertion text of the wrapper. A prover that breaks a rule reports it in `CIRCUIT_REFUSED`. */
export const WrapperErrors = {
  wrongContext: "zeko-wrapper: the batch was executed under other constants than the statement's",
  wrongLedgerStart: "zeko-wrapper: the ledger's range does not start at the source state with nothing open",
  wrongLedgerEnd: "zeko-wrapper: the ledger's range does not end at the given state",
  feesLeft: "zeko-wrapper: collected fees were not paid out",
  commandOpen: "zeko-wrapper: the batch ends inside a command",
  wrongIndexStart: "zeko-wrapper: the index's range does not start at the source state",
  wrongIndexEnd: "zeko-wrapper: the index's range does not end at the given state",
  newAccountsDiffer: "zeko-wrapper: the accounts created are not those entered into the map",
  refusedDiffer: "zeko-wrapper: the deposits refused are not those entered into the map",
  wrongInnerAccount: "zeko-wrapper: the account at index 0 is not the inner account",
  innerNotInLedger: "zeko-wrapper: the inner account does not stand at index 0 of the target ledger",
  innerActionsMissed: "zeko-wrapper: the inner account's actions have not all been consumed",
  wrongStatement: "zeko-wrapper: the statement is not this step's",
  wrongRecent: "zeko-wrapper: the recent action state is not the cursor",
} as const;

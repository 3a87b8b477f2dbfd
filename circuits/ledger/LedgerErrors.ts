/** Every assertion text of the ledger program, one per rule. */
export const LedgerErrors = {
  wrongSource: "zeko-ledger: the statement's source is not the state that the proof starts from",
  wrongTarget: "zeko-ledger: the statement's target is not the state that the rules lead to",
  wrongContext: "zeko-ledger: the context is not the one that the state commits to",
  wrongLocal: "zeko-ledger: the local state is not the one that the state commits to",

  emptyKey: "zeko-ledger: an update must not name the empty key",
  innerAccount: "zeko-ledger: the inner account needs a proof",
  negativeZero: "zeko-ledger: an amount of zero must be positive",
  tokenFlags: "zeko-ledger: an update must not use two tokens",
  boundsWithoutInterval: "zeko-ledger: an absent interval must have the widest bounds",

  notNextUpdate: "zeko-ledger: the update is not the next of its command",
  wrongFrame: "zeko-ledger: the frame is not the one on top of the call stack",
  feePayerForm: "zeko-ledger: a command must start with a fee payer",
  feePayerChildren: "zeko-ledger: a fee payer must not have children",
  feePayerNew: "zeko-ledger: the fee payer's account must exist",
  excessNotZero: "zeko-ledger: a command must take out what it pays in",

  slotDecreases: "zeko-ledger: the slot must not decrease",
  slotOutside: "zeko-ledger: the slot is outside the update's interval",
  nonceOutside: "zeko-ledger: the account's nonce is outside the update's interval",

  badSignature: "zeko-ledger: a signed update must hold a valid signature",
  replayable: "zeko-ledger: a signed update must not be valid twice",
  accessDenied: "zeko-ledger: the account's access permission is not satisfied",
  sendDenied: "zeko-ledger: the account's send permission is not satisfied",
  receiveDenied: "zeko-ledger: the account's receive permission is not satisfied",
  incrementNonceDenied: "zeko-ledger: the account's incrementNonce permission is not satisfied",

  accountNotInLedger: "zeko-ledger: the account does not stand in the ledger at this index",
  accountNotNew: "zeko-ledger: an account that takes an empty leaf must be a new one",
  symbolTooLong: "zeko-ledger: a token symbol has at most 48 bits",
  balanceOutOfRange: "zeko-ledger: the balance must stay between 0 and 2^64 - 1",
  nonceOutOfRange: "zeko-ledger: the nonce must stay below 2^32",
  excessOutOfRange: "zeko-ledger: the excess must stay below 2^64 in size",
  feesOutOfRange: "zeko-ledger: the collected fees must stay below 2^64",

  commandOpen: "zeko-ledger: fees are paid between two commands",
  mergeMiddles: "zeko-ledger: the second proof must start where the first one ends",
} as const;

import { Core } from "o1js";

/** Mina's hash prefixes. Account updates and signatures use those of every network but mainnet. */
export const minaPrefixes = {
  account: Core.Constants.prefixes.account,
  zkappAccount: Core.Constants.prefixes.zkappAccount,
  zkappUri: Core.Constants.prefixes.zkappUri,
  zkappBody: Core.Constants.prefixes.zkappBodyTestnet,
  forestNode: Core.Constants.prefixes.accountUpdateNode,
  forestCons: Core.Constants.prefixes.accountUpdateCons,
  stackFrame: "MinaAcctUpdStckFrm**",
  deriveTokenId: Core.Constants.prefixes.deriveTokenId,
  // Not "CodaReceiptZkapp****": Mina's ledger uses the payments' prefix for zkApp commands too (test/ledger/oracle.test.ts).
  receiptChain: "CodaReceiptUC*******",
  emptyActionState: "MinaZkappActionStateEmptyElt",
  merkle: Core.Constants.prefixes.merkleTree,
} as const;

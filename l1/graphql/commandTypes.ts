/**
 * The types of a zkApp command, once as input and once as output: same names of fields, as in the daemon's schema.
 * Input types are strict: a field that Mina does not know is refused, and so is a missing one.
 */
export function commandTypes(kind: "input" | "type"): string {
  const t = (name: string) => (kind === "input" ? `${name}Input` : name);
  return `
${kind} ${t("ZkappCommand")} { feePayer: ${t("ZkappFeePayer")}!, accountUpdates: [${t("ZkappAccountUpdate")}!]!, memo: Memo! }
${kind} ${t("ZkappFeePayer")} { body: ${t("FeePayerBody")}!, authorization: Signature! }
${kind} ${t("FeePayerBody")} { publicKey: PublicKey!, fee: Fee!, validUntil: UInt32, nonce: UInt32! }
${kind} ${t("ZkappAccountUpdate")} { body: ${t("AccountUpdateBody")}!, authorization: ${t("Control")}! }
${kind} ${t("Control")} { proof: ZkappProof, signature: Signature }
${kind} ${t("AccountUpdateBody")} {
  publicKey: PublicKey!, tokenId: TokenId!, update: ${t("AccountUpdateModification")}!, balanceChange: ${t("BalanceChange")}!,
  incrementNonce: Boolean!, events: [[FieldElem!]!]!, actions: [[FieldElem!]!]!, callData: FieldElem!, callDepth: Int!,
  preconditions: ${t("Preconditions")}!, useFullCommitment: Boolean!, implicitAccountCreationFee: Boolean!,
  mayUseToken: ${t("MayUseToken")}!, authorizationKind: ${t("AuthorizationKindStructured")}!
}
${kind} ${t("MayUseToken")} { parentsOwnToken: Boolean!, inheritFromParent: Boolean! }
${kind} ${t("AuthorizationKindStructured")} { isSigned: Boolean!, isProved: Boolean!, verificationKeyHash: FieldElem! }
${kind} ${t("BalanceChange")} { magnitude: UInt64!, sgn: Sign! }
${kind} ${t("AccountUpdateModification")} {
  appState: [FieldElem]!, delegate: PublicKey, verificationKey: ${t("VerificationKeyWithHash")}, permissions: ${t("Permissions")},
  zkappUri: String, tokenSymbol: String, timing: ${t("Timing")}, votingFor: FieldElem
}
${kind} ${t("VerificationKeyWithHash")} { data: VerificationKey!, hash: FieldElem! }
${kind} ${t("Permissions")} {
  editState: AuthRequired!, access: AuthRequired!, send: AuthRequired!, receive: AuthRequired!, setDelegate: AuthRequired!,
  setPermissions: AuthRequired!, setVerificationKey: ${t("VerificationKeyPermission")}!, setZkappUri: AuthRequired!,
  editActionState: AuthRequired!, setTokenSymbol: AuthRequired!, incrementNonce: AuthRequired!, setVotingFor: AuthRequired!,
  setTiming: AuthRequired!
}
${kind} ${t("VerificationKeyPermission")} { auth: AuthRequired!, txnVersion: UInt32! }
${kind} ${t("Timing")} { initialMinimumBalance: UInt64!, cliffTime: UInt32!, cliffAmount: UInt64!, vestingPeriod: UInt32!, vestingIncrement: UInt64! }
${kind} ${t("Preconditions")} { network: ${t("NetworkPrecondition")}!, account: ${t("AccountPrecondition")}!, validWhile: ${t("UInt32Interval")} }
${kind} ${t("NetworkPrecondition")} {
  snarkedLedgerHash: FieldElem, blockchainLength: ${t("UInt32Interval")}, minWindowDensity: ${t("UInt32Interval")},
  totalCurrency: ${t("UInt64Interval")}, globalSlotSinceGenesis: ${t("UInt32Interval")},
  stakingEpochData: ${t("EpochDataPrecondition")}!, nextEpochData: ${t("EpochDataPrecondition")}!
}
${kind} ${t("EpochDataPrecondition")} {
  ledger: ${t("EpochLedgerPrecondition")}!, seed: FieldElem, startCheckpoint: FieldElem, lockCheckpoint: FieldElem,
  epochLength: ${t("UInt32Interval")}
}
${kind} ${t("EpochLedgerPrecondition")} { hash: FieldElem, totalCurrency: ${t("UInt64Interval")} }
${kind} ${t("AccountPrecondition")} {
  balance: ${t("UInt64Interval")}, nonce: ${t("UInt32Interval")}, receiptChainHash: FieldElem, delegate: PublicKey,
  state: [FieldElem]!, actionState: FieldElem, provedState: Boolean, isNew: Boolean
}
${kind} ${t("UInt32Interval")} { lower: UInt32!, upper: UInt32! }
${kind} ${t("UInt64Interval")} { lower: UInt64!, upper: UInt64! }
`;
}

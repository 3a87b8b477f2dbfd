/**
 * Domain separation: one tag per kind of hash, at most 31 ASCII bytes, each used with inputs of one shape.
 * The number after the slash is the shape's version. Shapes are in docs/protocol.md.
 */
export const tags = {
  stateCore: "ZekoStateCore/1",
  cursor: "ZekoCursor/1",
  state: "ZekoState/1",
  statement: "ZekoStatement/1",
  domain: "ZekoDomain/1",
  attest: "ZekoAttest/1",
  gas: "ZekoGas/1",
  gasDomain: "ZekoGasDomain/1",
  header: "ZekoHeader/1",
  block: "ZekoBlock/1",
  peer: "ZekoPeer/1",
  rotate: "ZekoRotate/1",
  possession: "ZekoPossession/1",
  mirrored: "ZekoMirrored/1",
  setStart: "ZekoSetStart/1",
  setSlot: "ZekoSetSlot/1",
  dataLeaf: "ZekoDataLeaf/1",
  dataNode: "ZekoDataNode/1",
  accountId: "ZekoAccountId/1",
  owedRecipient: "ZekoOwedRecipient/1",
  indexedLeaf: "ZekoIndexedLeaf/1",
  indexedNode: "ZekoIndexedNode/1",
  newAccount: "ZekoNewAccount/1",
  refused: "ZekoRefused/1",
  context: "ZekoContext/1",
  ledgerState: "ZekoLedgerState/1",
  localState: "ZekoLocalState/1",
  indexState: "ZekoIndexState/1",
  owedRoot: "ZekoOwedRoot/1",
  status: "ZekoStatus/1",
  validators: "ZekoValidators/1",
  governance: "ZekoGovernance/1",
  delays: "ZekoDelays/1",
  innerKey: "ZekoInnerKey/1",
  payout: "ZekoPayout/1",
  renewal: "ZekoRenewal/1",
} as const;

export type Tag = (typeof tags)[keyof typeof tags];

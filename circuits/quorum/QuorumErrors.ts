/** Every assertion text of the quorum program. A prover that breaks a rule reports it in `CIRCUIT_REFUSED`. */
export const QuorumErrors = {
  gapInSet: "zeko-quorum: an occupied slot follows an empty one",
  emptySlotSigned: "zeko-quorum: an empty slot cannot sign",
  zeroWeight: "zeko-quorum: a member's weight must not be zero",
  keysNotAscending: "zeko-quorum: keys must be strictly ascending",
  badSignature: "zeko-quorum: a slot that claims a vote must hold a valid signature",
  emptySet: "zeko-quorum: the set has no weight",
  belowThreshold: "zeko-quorum: signed weight is below the threshold",
  thresholdTooLow: "zeko-quorum: the threshold must be more than half of the weight",
} as const;

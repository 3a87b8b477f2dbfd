import { Bool, Field, PublicKey, Signature, Struct, UInt32, UInt64 } from "o1js";

/** What a quorum proof says about its public input, the message: a quorum of this set signed it. */
export class QuorumOutput extends Struct({
  /** Hash of the whole set, its count, threshold and epoch (`validatorSetHash` in protocol/). */
  setHash: Field,
  /** The set's epoch, which is in its hash: 64 bits. A rotation compares it with its predecessor's. */
  epoch: Field,
  /** Whether every member signed, as a rotation asks of the new set. */
  allSigned: Bool,
}) {}

/** One place in the validator set. Occupied slots come first, in the order of their keys. */
export class QuorumSlot extends Struct({
  occupied: Bool,
  key: PublicKey,
  weight: UInt32,
  /** The prover's choice: `false` only lowers the count, `true` must be earned by the signature. */
  signed: Bool,
  signature: Signature,
}) {}

/** What the set hash holds besides its members. */
export class QuorumRule extends Struct({ threshold: UInt64, epoch: UInt64 }) {}

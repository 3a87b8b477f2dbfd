import {
  AccountUpdate,
  Bool,
  Field,
  Int64,
  Poseidon,
  Provable,
  PublicKey,
  Sign,
  Struct,
  UInt32,
  UInt64,
} from "o1js";
import { minaPrefixes } from "./minaPrefixes.ts";
import { packUnsafe } from "./packUnsafe.ts";

/** An optional range. Without it the bounds are the widest ones, as Mina hashes them. */
export class OptionalInterval extends Struct({ isSome: Bool, lower: UInt32, upper: UInt32 }) {
  static none(): OptionalInterval {
    return new OptionalInterval({ isSome: Bool(false), lower: UInt32.from(0), upper: UInt32.MAXINT() });
  }
}

/**
 * An account update that moves MINA, or a command's fee payer, as the `signed` branch takes it.
 *
 * Every field of Mina's account update that is not here is neutral in `transferUpdateHash`, as a constant of the
 * circuit: an update that sets one of them hashes to something that no witness of this type can reach.
 */
export class TransferUpdate extends Struct({
  publicKey: PublicKey,
  /** Nanomina. */
  amount: UInt64,
  /** The amount leaves the account. */
  isNegative: Bool,
  incrementNonce: Bool,
  useFullCommitment: Bool,
  implicitAccountCreationFee: Bool,
  parentsOwnToken: Bool,
  inheritFromParent: Bool,
  /** Precondition on the account's nonce. */
  nonce: OptionalInterval,
  /** Precondition on the slot: `validWhile` of an update; of a fee payer, its `validUntil`. */
  slot: OptionalInterval,
  isSigned: Bool,
}) {}

/**
 * Mina's hash of the update: o1js' `AccountUpdate.hash()` on any network but mainnet.
 *
 * @param isFeePayer a fee payer bounds its slot by the network precondition, an update by `validWhile`
 */
export function transferUpdateHash(update: TransferUpdate, isFeePayer: Bool): Field {
  const { body } = AccountUpdate.dummy();
  body.publicKey = update.publicKey;
  body.balanceChange = new Int64(
    update.amount,
    new Sign(Field(1).sub(update.isNegative.toField().mul(2)).seal()),
  );
  body.incrementNonce = update.incrementNonce;
  body.useFullCommitment = update.useFullCommitment;
  body.implicitAccountCreationFee = update.implicitAccountCreationFee;
  body.mayUseToken = {
    parentsOwnToken: update.parentsOwnToken,
    inheritFromParent: update.inheritFromParent,
  };
  body.authorizationKind.isSigned = update.isSigned;
  body.preconditions.account.nonce = interval(update.nonce);
  const whenFeePayer = maskInterval(update.slot, isFeePayer);
  body.preconditions.network.globalSlotSinceGenesis = interval(whenFeePayer);
  body.preconditions.validWhile = interval(maskInterval(update.slot, isFeePayer.not()));
  const { fields = [], packed = [] } = AccountUpdate.toInput(new AccountUpdate(body));
  return Poseidon.hashWithPrefix(minaPrefixes.zkappBody, [...fields, ...packUnsafe(packed)]);
}

function interval({ isSome, lower, upper }: OptionalInterval) {
  return { isSome, value: { lower, upper } };
}

/** The interval where `keep`, none elsewhere. */
function maskInterval(value: OptionalInterval, keep: Bool): OptionalInterval {
  return Provable.if(keep, OptionalInterval, value, OptionalInterval.none());
}

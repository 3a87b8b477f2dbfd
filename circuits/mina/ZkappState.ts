import { Bool, Core, Field, Poseidon, Provable, Struct, UInt32 } from "o1js";
import { STATE_FIELDS } from "../../protocol/index.ts";
import { minaPrefixes } from "./minaPrefixes.ts";
import { packUnsafe } from "./packUnsafe.ts";
import { saltOf } from "./salt.ts";

/** Action states that an account remembers. */
const ACTION_STATES = 5;

/** The zkApp part of an account. */
export class ZkappState extends Struct({
  appState: Provable.Array(Field, STATE_FIELDS),
  verificationKeyHash: Field,
  zkappVersion: UInt32,
  /** Newest first. */
  actionState: Provable.Array(Field, ACTION_STATES),
  lastActionSlot: UInt32,
  provedState: Bool,
  zkappUriHash: Field,
}) {
  /** What an account without a zkApp hashes as. */
  static none(): ZkappState {
    return new ZkappState({
      appState: Array<Field>(STATE_FIELDS).fill(Field(0)),
      verificationKeyHash: Field(Core.Constants.mocks.dummyVerificationKeyHash),
      zkappVersion: UInt32.from(0),
      actionState: Array<Field>(ACTION_STATES).fill(saltOf(minaPrefixes.emptyActionState)),
      lastActionSlot: UInt32.from(0),
      provedState: Bool(false),
      // The empty string packs to the single bit that ends it.
      zkappUriHash: Poseidon.hashWithPrefix(minaPrefixes.zkappUri, [Field(1)]),
    });
  }

  /** Mina's digest of this part, which stands first in the account hash. */
  digest(): Field {
    return Poseidon.hashWithPrefix(minaPrefixes.zkappAccount, [
      this.zkappUriHash,
      ...this.actionState,
      this.verificationKeyHash,
      ...this.appState,
      ...packUnsafe([
        [this.provedState.toField(), 1],
        [this.lastActionSlot.value, 32],
        [this.zkappVersion.value, 32],
      ]),
    ]);
  }
}

/** Digest of an account without a zkApp. */
export const NO_ZKAPP: Field = ZkappState.none().digest();

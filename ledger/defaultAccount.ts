import {
  type Account,
  DUMMY_VERIFICATION_KEY_HASH,
  EMPTY_KEY,
  hash,
  MINA_TOKEN,
  type PublicKey,
  STATE_FIELDS,
  saltedState,
  userPermissions,
  type ZkappState,
} from "../protocol/index.ts";

/** What a new account's receipt chain starts from: the salt "CodaReceiptEmpty" of Mina's *legacy* Poseidon. */
export const EMPTY_RECEIPT_CHAIN =
  4836908137238259756355130884394587673375183996506461139740622663058947052555n;

/** Action state of a zkApp that never sent an action. */
export const EMPTY_ACTION_STATE = saltedState("MinaZkappActionStateEmptyElt")[0];

/** Hash of the empty zkApp URI: a single end bit. */
export const EMPTY_URI_HASH = hash("MinaZkappUri********", [1n]);

/** The zkApp part that an account without one hashes as. */
export const defaultZkapp: ZkappState = {
  appState: Array<bigint>(STATE_FIELDS).fill(0n),
  verificationKeyHash: BigInt(DUMMY_VERIFICATION_KEY_HASH),
  zkappVersion: 0n,
  actionState: Array<bigint>(5).fill(EMPTY_ACTION_STATE),
  lastActionSlot: 0n,
  provedState: false,
  zkappUriHash: EMPTY_URI_HASH,
};

/** Mina's `Account.initialize` for MINA, with the nonce that new accounts start at here. */
export function defaultAccount(publicKey: PublicKey, nonce: bigint): Account {
  return {
    publicKey,
    tokenId: MINA_TOKEN,
    tokenSymbol: "",
    balance: 0n,
    nonce,
    receiptChainHash: EMPTY_RECEIPT_CHAIN,
    delegate: publicKey,
    votingFor: 0n,
    timing: null,
    permissions: userPermissions,
    zkapp: null,
  };
}

/** The account that an empty leaf of the ledger hashes as. */
export const emptyAccount: Account = { ...defaultAccount(EMPTY_KEY, 0n), delegate: null };

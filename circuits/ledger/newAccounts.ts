import { Field, Poseidon, type PublicKey } from "o1js";
import { MINA_TOKEN, tags } from "../../protocol/index.ts";

/** Key of an account in the accounts map. Twin: `accountIdKey` in protocol/. */
export function accountKey(publicKey: PublicKey, tokenId: Field = Field(MINA_TOKEN)): Field {
  return Poseidon.hashWithPrefix(tags.accountId, [publicKey.x, publicKey.isOdd.toField(), tokenId]);
}

/**
 * One more account in the fold that `LedgerProgram` produces and `IndexProgram` consumes, in the order of creation.
 *
 * @param key `accountKey` of the new account
 * @param index its place in the ledger, which is the value in the accounts map: bound here, so that the map cannot
 *   point elsewhere
 */
export function foldNewAccount(fold: Field, key: Field, index: Field): Field {
  return Poseidon.hashWithPrefix(tags.newAccount, [fold, key, index]);
}

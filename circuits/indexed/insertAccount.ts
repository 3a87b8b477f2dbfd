import { Bool, Field, Provable, Struct } from "o1js";
import { MAP_DEPTH } from "../../protocol/index.ts";
import { foldNewAccount } from "../ledger/index.ts";
import { canonical, isBelow } from "../order/index.ts";
import { IndexErrors } from "./IndexErrors.ts";
import { EMPTY_INDEXED_LEAF, IndexedLeaf } from "./IndexedLeaf.ts";
import { IndexState } from "./IndexState.ts";
import { indexedRoots } from "./indexedPath.ts";

const Path = Provable.Array(Field, MAP_DEPTH);

/** One new account, with what it takes to enter its id; or nothing, in a slot that is not used. */
export class AccountInsert extends Struct({
  used: Bool,
  /** `accountKey` of the account. */
  key: Field,
  /** Its place in the ledger. */
  index: Field,
  /** The entry with the largest key below. */
  low: IndexedLeaf,
  lowIndex: Provable.Array(Bool, MAP_DEPTH),
  lowPath: Path,
  /** Siblings of the new leaf, once the lower neighbour points to it. */
  path: Path,
}) {}

/**
 * Enters one account id into the accounts map: τ → τ'.
 *
 * Proves: the key was not in the map; it now is, with the ledger's index as its value, at the place given by the map's
 * length, which grows by one; nothing else changed; the pair (key, index) joined the fold of new accounts.
 * A slot that is not used changes nothing. `used` is the prover's choice: it shows in the fold, which the wrapper
 * compares with the ledger's.
 * Rows: about 2,300 (test/snapshots/circuits.json).
 */
export function insertAccount(state: IndexState, insert: AccountInsert): IndexState {
  const { used, key, index, low } = insert;
  // 1. the neighbours: low.key < key < low.nextKey, so the key is new
  const keyLimbs = canonical(key);
  used.implies(isBelow(canonical(low.key), keyLimbs)).assertTrue(IndexErrors.keyNotAboveLow);
  const belowNext = isBelow(keyLimbs, canonical(low.nextKey)).or(low.nextKey.equals(0));
  used.implies(belowNext).assertTrue(IndexErrors.keyNotBelowNext);
  // 2. the lower neighbour stands in the map, and then points to the key
  const linked = new IndexedLeaf({ key: low.key, value: low.value, nextKey: key });
  const lowRoots = indexedRoots(
    { before: new IndexedLeaf(low).hash(), after: linked.hash() },
    insert.lowIndex,
    insert.lowPath,
  );
  Provable.if(used, lowRoots.before, state.accountsRoot).assertEquals(
    state.accountsRoot,
    IndexErrors.lowNotInMap,
  );
  // 3. the key takes the first free place
  const leaf = new IndexedLeaf({ key, value: index, nextKey: low.nextKey });
  const place = state.accountsLength.toBits(MAP_DEPTH);
  const roots = indexedRoots({ before: EMPTY_INDEXED_LEAF, after: leaf.hash() }, place, insert.path);
  Provable.if(used, roots.before, lowRoots.after).assertEquals(lowRoots.after, IndexErrors.placeNotEmpty);
  return new IndexState({
    ...state,
    accountsRoot: Provable.if(used, roots.after, state.accountsRoot),
    accountsLength: state.accountsLength.add(used.toField()).seal(),
    newAccounts: Provable.if(used, foldNewAccount(state.newAccounts, key, index), state.newAccounts),
  });
}

import type { Account, AccountUpdate, FeePayer, PublicKey } from "../protocol/index.ts";

/**
 * One frame of Mina's call stack: whose children are being applied, and what is left of them.
 *
 * Hashed as H("MinaAcctUpdStckFrm**", [caller, callerCaller, calls]); a stack is a cons list of such hashes,
 * H("MinaAcctUpdateCons**", [frame, rest]), the empty one being 0.
 */
export interface CallFrame {
  /** Token that the updates of this frame may use as "parent's own"; 1 (MINA) at the top level. */
  readonly caller: bigint;
  readonly callerCaller: bigint;
  /** Hash of the call forest not yet applied; 0 when empty. */
  readonly calls: bigint;
}

/**
 * Mina's local state between two account updates. Between two commands it is `EMPTY_LOCAL_STATE`.
 *
 * Not here, because a failing command is refused instead of being included: `success`, `will_succeed` and the
 * second-pass ledger.
 */
export interface LocalState {
  readonly frame: CallFrame;
  /** Frames below `frame`, the next one to return to first. */
  readonly stack: readonly CallFrame[];
  /** What updates without full commitment sign: the hash of all updates but the fee payer's. */
  readonly commitment: bigint;
  /** H("MinaAcctUpdateCons**", [memo hash, fee payer hash, commitment]). */
  readonly fullCommitment: bigint;
  /** What the updates so far paid in less what they took out, nanomina, signed; must end at 0. */
  readonly excess: bigint;
  /** Minus the creation fees of this command so far, nanomina; joins the collected fees with its last update. */
  readonly supply: bigint;
  /** Position of the next update in its command; the fee payer's is 0. */
  readonly index: bigint;
}

/** Whose turn it is in a command: its fee payer, or one of its account updates. */
export type AppliedUpdate =
  | Readonly<{ kind: "feePayer"; feePayer: FeePayer }>
  | Readonly<{ kind: "update"; update: AccountUpdate }>;

/**
 * One account update, with all that a circuit needs to apply it again. In the order of execution; within a
 * command the fee payer first, then the updates depth first (the order in which the command lists them).
 */
export interface AccountUpdateTrace {
  /** Place of the block in its batch, of the command in its block and of the update in its command, from 0. */
  readonly block: number;
  readonly command: number;
  readonly position: number;
  /** Slot of the L2 block. */
  readonly slot: bigint;
  readonly applied: AppliedUpdate;
  /** Hash of the memo of this command (needed where a command starts). */
  readonly memoHash: bigint;
  /** Mina's hash of the update itself. */
  readonly updateHash: bigint;
  /** Hash of the call forest of its children; 0 when it has none. */
  readonly children: bigint;
  /** Hash of the siblings after it; 0 when it is the last of its frame. */
  readonly siblings: bigint;
  /** Index of the account in the ledger. */
  readonly index: bigint;
  /** The account there before; null: the leaf is empty, and this update creates the account. */
  readonly before: Account | null;
  readonly after: Account;
  /** Siblings from the leaf up, 35 of them, at this moment; good for `before` and `after` alike. */
  readonly path: readonly bigint[];
  readonly ledgerRootBefore: bigint;
  readonly ledgerRootAfter: bigint;
  readonly localBefore: LocalState;
  readonly localAfter: LocalState;
  /** Collected fees after this update, nanomina. A fee payer's fee joins them at once. */
  readonly feesAfter: bigint;
}

/** The end of a batch: what was collected goes to the account that the batch header names. Also with amount 0. */
export interface FeesTrace {
  /** Slot of the last block of the batch (of the source state, when the batch has no block). */
  readonly slot: bigint;
  readonly amount: bigint;
  readonly index: bigint;
  readonly before: Account;
  readonly after: Account;
  readonly path: readonly bigint[];
  readonly ledgerRootBefore: bigint;
  readonly ledgerRootAfter: bigint;
}

/** A leaf of an indexed map: an entry, and the key that follows it (0: none). Leaf 0 is (0, 0, first key). */
export interface IndexedLeaf {
  readonly key: bigint;
  readonly value: bigint;
  readonly nextKey: bigint;
}

/**
 * Insertion of a key into an indexed map. In order:
 * 1. `low` stands in the tree `rootBefore` by its path, low.key < key, and key < low.nextKey unless that is 0;
 * 2. low becomes (low.key, low.value, key), which gives `rootMiddle`;
 * 3. leaf `index` is empty (`EMPTY_INDEXED_LEAF`) in `rootMiddle` by `path`; it becomes (key, value, low.nextKey),
 *    which gives `rootAfter`.
 */
export interface InsertTrace {
  readonly key: bigint;
  readonly value: bigint;
  /** Where the new leaf goes: the length of the map before. */
  readonly index: bigint;
  readonly low: Readonly<{ index: bigint; leaf: IndexedLeaf; path: readonly bigint[] }>;
  readonly path: readonly bigint[];
  readonly rootBefore: bigint;
  readonly rootMiddle: bigint;
  readonly rootAfter: bigint;
}

/** An account that a batch created: its id, where it stands, and its key in the accounts map. */
export interface NewAccount {
  readonly publicKey: PublicKey;
  readonly tokenId: bigint;
  /** Index in the ledger, which is the value in the accounts map. */
  readonly index: bigint;
  /** H("ZekoAccountId/1", [x, isOdd, tokenId]). */
  readonly key: bigint;
}

/** Everything that the proofs of one batch are made of. */
export interface BatchTraces {
  readonly updates: readonly AccountUpdateTrace[];
  readonly fees: FeesTrace;
  /** One per new account, in the order of creation. */
  readonly inserts: readonly InsertTrace[];
}

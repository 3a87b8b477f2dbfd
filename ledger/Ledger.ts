import { type Account, type AccountChange, hash, MINA_TOKEN, type PublicKey } from "../protocol/index.ts";
import { accountHash } from "./accountHash.ts";
import { emptyAccount } from "./defaultAccount.ts";
import { ExecutionError } from "./errors/ExecutionError.ts";
import { LedgerError } from "./errors/LedgerError.ts";
import { MerkleTree, TREE_CAPACITY, TREE_DEPTH, type TreeHasher } from "./MerkleTree.ts";
import { OrderedMap } from "./OrderedMap.ts";

const prefixes = Array.from(
  { length: TREE_DEPTH },
  (_, h) => `MinaMklTree${String(h).padStart(3, "0")}******`,
);

/** Mina's hash of two neighbours in the ledger; `height` is the children's, 0 for accounts. */
export function ledgerNodeHash(height: number, left: bigint, right: bigint): bigint {
  return hash(prefixes[height]!, [left, right]);
}

const accountHashes = new WeakMap<Account, bigint>();
/** Accounts are never written to, so one object is hashed once: forks and rival batches share the work. */
function hashOnce(account: Account): bigint {
  let known = accountHashes.get(account);
  if (known === undefined) {
    known = accountHash(account);
    accountHashes.set(account, known);
  }
  return known;
}

/** How the ledger hashes: Mina's account and node hashes. */
export const ledgerHasher: TreeHasher<Account> = {
  emptyLeaf: accountHash(emptyAccount),
  hashLeaf: hashOnce,
  hashNode: ledgerNodeHash,
};

/** One bigint per account id, for the index by id. */
function idOf(publicKey: PublicKey, tokenId: bigint): bigint {
  return (tokenId << 256n) | (publicKey.x << 1n) | (publicKey.isOdd ? 1n : 0n);
}

/**
 * Mina's account ledger: a Merkle tree of depth 35 over accounts, and an index by account id.
 *
 * Accounts stand without gaps from index 0, in the order of their creation. Setting hashes nothing; `root` and `path`
 * hash what changed since they were last asked. A fork costs nothing and shares what neither changes.
 */
export class Ledger {
  #tree: MerkleTree<Account>;
  #ids: OrderedMap<bigint>;
  #size: bigint;

  private constructor(tree: MerkleTree<Account>, ids: OrderedMap<bigint>, size: bigint) {
    this.#tree = tree;
    this.#ids = ids;
    this.#size = size;
  }

  static empty(): Ledger {
    return new Ledger(new MerkleTree(ledgerHasher), OrderedMap.empty(), 0n);
  }

  /** A ledger with the same accounts. Later changes of either do not show in the other. */
  fork(): Ledger {
    return new Ledger(this.#tree.fork(), this.#ids, this.#size);
  }

  /** Becomes what `fork` is: how an attempt that went well is kept. */
  adopt(fork: Ledger): void {
    this.#tree = fork.#tree.fork();
    this.#ids = fork.#ids;
    this.#size = fork.#size;
  }

  /** Number of accounts, which is the index of the next one. */
  get size(): bigint {
    return this.#size;
  }

  get(index: bigint): Account | null {
    return this.#tree.get(index) ?? null;
  }

  indexOf(publicKey: PublicKey, tokenId: bigint = MINA_TOKEN): bigint | null {
    return this.#ids.get(idOf(publicKey, tokenId)) ?? null;
  }

  find(publicKey: PublicKey, tokenId: bigint = MINA_TOKEN): Account | null {
    const index = this.indexOf(publicKey, tokenId);
    return index === null ? null : this.get(index);
  }

  /**
   * Writes an account to its place: an existing one of the same id, or the next free one.
   * @throws {LedgerError} `LEDGER_CHANGE_INVALID` @throws {ExecutionError} `EXECUTION_LEDGER_FULL`
   */
  set(index: bigint, account: Account): void {
    const standing = this.indexOf(account.publicKey, account.tokenId);
    if (standing !== null && standing !== index) throw invalid(index, `its id stands at index ${standing}`);
    if (standing === null) {
      if (index < this.#size) throw invalid(index, "another account stands there");
      if (index > this.#size) throw invalid(index, `the next free index is ${this.#size}`);
      if (index >= TREE_CAPACITY) throw new ExecutionError("EXECUTION_LEDGER_FULL", { size: this.#size });
      this.#ids = this.#ids.with(idOf(account.publicKey, account.tokenId), index);
      this.#size++;
    }
    this.#tree.set(index, account);
  }

  root(): bigint {
    return this.#tree.root();
  }

  /** Hash of the leaf at `index`; the empty account's where there is none. */
  leafHash(index: bigint): bigint {
    return this.#tree.leafHash(index);
  }

  /** Siblings from the leaf to the root: 35 of them. */
  path(index: bigint): bigint[] {
    return this.#tree.path(index);
  }

  /** All accounts, in index order. */
  *accounts(): Generator<AccountChange> {
    for (const [index, account] of this.#tree.entries()) yield { index, account };
  }

  /** Accounts that differ from `older`'s, a ledger that this one came from, in index order. */
  *changesSince(older: Ledger): Generator<AccountChange> {
    for (const [index, account] of this.#tree.changesSince(older.#tree)) yield { index, account };
  }

  /**
   * Applies a change list, all or nothing.
   * @throws {LedgerError} `LEDGER_CHANGE_INVALID` for a list out of order, a gap, or an account that changes its id
   */
  applyChanges(changes: Iterable<AccountChange>): void {
    const attempt = this.fork();
    let previous = -1n;
    for (const { index, account } of changes) {
      if (index <= previous) throw invalid(index, "it is not in index order");
      attempt.set(index, account);
      previous = index;
    }
    this.adopt(attempt);
  }
}

function invalid(index: bigint, reason: string): LedgerError {
  return new LedgerError("LEDGER_CHANGE_INVALID", { index, reason });
}

import { hash } from "./poseidon.ts";
import { type PublicKey, publicKeyFields } from "./publicKey.ts";
import { tags } from "./tags.ts";

/** State of the rollup. All field elements; counts and slots are range-checked wherever they enter. */
export interface State {
  /** Root of the account ledger, depth 35, Mina's format. */
  readonly ledgerRoot: bigint;
  /** Root of the indexed map account id → index, and how many leaves it holds (its lower bound included). */
  readonly accountsRoot: bigint;
  readonly accountsLength: bigint;
  /** Action state of the inner account. */
  readonly inner: bigint;
  readonly owedRoot: bigint;
  readonly owedLength: bigint;
  /** Slot of the last L2 block. */
  readonly lastSlot: bigint;
  /** Accepted batches so far: 0 at genesis. */
  readonly batch: bigint;
  readonly blockCount: bigint;
  /** Outer action state processed, and how many actions that is. */
  readonly cursor: bigint;
  readonly processed: bigint;
}

/** Field 0 of the outer account: the state without cursor and count. */
export function stateCoreHash(s: State): bigint {
  return hash(tags.stateCore, [
    s.ledgerRoot,
    s.accountsRoot,
    s.accountsLength,
    s.inner,
    s.owedRoot,
    s.owedLength,
    s.lastSlot,
    s.batch,
    s.blockCount,
  ]);
}

/** Field 4 of the outer account. */
export function cursorHash(s: Pick<State, "cursor" | "processed">): bigint {
  return hash(tags.cursor, [s.cursor, s.processed]);
}

/** H(S). */
export function stateHash(s: State): bigint {
  return hash(tags.state, [stateCoreHash(s), cursorHash(s)]);
}

/** One deployment: what a signature is good for, and nothing else. */
export interface Domain {
  /** Mina's network as a field element: `tagToField(networkId)`. */
  readonly minaNetwork: bigint;
  readonly outerKey: PublicKey;
  readonly daChainId: bigint;
  /** Address of the inbox, 160 bits. */
  readonly inbox: bigint;
  /** Rollup id in the inbox, 256 bits. */
  readonly rollupId: bigint;
}

export function domainHash(d: Domain): bigint {
  const low = d.rollupId & ((1n << 128n) - 1n);
  return hash(tags.domain, [
    d.minaNetwork,
    ...publicKeyFields(d.outerKey),
    d.daChainId,
    d.inbox,
    d.rollupId >> 128n,
    low,
  ]);
}

/** One step of the rollup, as validators sign it. */
export interface Statement {
  /** H(S) */
  readonly source: bigint;
  /** H(S') */
  readonly target: bigint;
  /** Last slot at which L1 may accept the step: the smallest deadline of a credited deposit. 32 bits. */
  readonly landBy: bigint;
  /** {@link domainHash} */
  readonly domain: bigint;
}

export function statementHash(s: Statement): bigint {
  return hash(tags.statement, [s.source, s.target, s.landBy, s.domain]);
}

/** A statement with the data behind it. */
export interface Commitment {
  readonly statement: bigint;
  readonly dataRoot: bigint;
  /** Posted bytes. */
  readonly dataLength: bigint;
  readonly scheme: bigint;
}

/** What a validator of the set `setHash` signs, as one field element. */
export function attestationMessage(setHash: bigint, c: Commitment): bigint {
  return hash(tags.attest, [setHash, c.statement, c.dataRoot, c.dataLength, c.scheme]);
}

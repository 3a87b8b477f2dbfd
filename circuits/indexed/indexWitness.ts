import { Bool, Field } from "o1js";
import type { InsertTrace, IndexedLeaf as LeafValue } from "../../ledger/index.ts";
import { hash, MAP_DEPTH, type State, tags } from "../../protocol/index.ts";
import { IndexedLeaf } from "./IndexedLeaf.ts";
import { IndexState, IndexStatement } from "./IndexState.ts";
import { AccountInsert } from "./insertAccount.ts";

/** τ in plain numbers. */
export interface IndexValues {
  readonly ctx: bigint;
  readonly accountsRoot: bigint;
  readonly accountsLength: bigint;
  readonly owedRoot: bigint;
  readonly owedLength: bigint;
  readonly newAccounts: bigint;
  readonly refused: bigint;
  readonly inner: bigint;
}

/** One `accounts` proof: at most `INSERTS_PER_PROOF` insertions, in the order of creation; none is fine. */
export interface AccountsInput {
  readonly from: IndexValues;
  readonly inserts: readonly InsertTrace[];
}

/** τ at the start of a batch. Twin: `IndexState.start`. */
export function indexStart(ctx: bigint, source: State): IndexValues {
  const { accountsRoot, accountsLength, owedRoot, owedLength, inner } = source;
  return { ctx, accountsRoot, accountsLength, owedRoot, owedLength, newAccounts: 0n, refused: 0n, inner };
}

/** τ after these insertions. Twin: `insertAccount`. */
export function indexAfter({ from, inserts }: AccountsInput): IndexValues {
  return {
    ...from,
    accountsRoot: inserts.at(-1)?.rootAfter ?? from.accountsRoot,
    accountsLength: from.accountsLength + BigInt(inserts.length),
    newAccounts: inserts.reduce(
      (fold, { key, value }) => hash(tags.newAccount, [fold, key, value]),
      from.newAccounts,
    ),
  };
}

/** H(τ). Twin: `IndexState.hash`. */
export function indexHash(v: IndexValues): bigint {
  return hash(tags.indexState, [
    v.ctx,
    v.accountsRoot,
    v.accountsLength,
    v.owedRoot,
    v.owedLength,
    v.newAccounts,
    v.refused,
    v.inner,
  ]);
}

/** Pads the insertions to `slots`. */
export function accountsWitness(
  input: AccountsInput,
  slots: number,
): { statement: IndexStatement; from: IndexState; inserts: AccountInsert[] } {
  return {
    statement: new IndexStatement({
      from: Field(indexHash(input.from)),
      to: Field(indexHash(indexAfter(input))),
    }),
    from: indexState(input.from),
    inserts: Array.from({ length: slots }, (_, i) => accountInsert(input.inserts[i])),
  };
}

export function indexState(v: IndexValues): IndexState {
  return new IndexState({
    ctx: Field(v.ctx),
    accountsRoot: Field(v.accountsRoot),
    accountsLength: Field(v.accountsLength),
    owedRoot: Field(v.owedRoot),
    owedLength: Field(v.owedLength),
    newAccounts: Field(v.newAccounts),
    refused: Field(v.refused),
    inner: Field(v.inner),
  });
}

const NO_LEAF: LeafValue = { key: 0n, value: 0n, nextKey: 0n };
const NO_PATH = Array.from({ length: MAP_DEPTH }, () => 0n);

function accountInsert(trace: InsertTrace | undefined): AccountInsert {
  const low = trace?.low ?? { index: 0n, leaf: NO_LEAF, path: NO_PATH };
  return new AccountInsert({
    used: Bool(trace !== undefined),
    key: Field(trace?.key ?? 0n),
    index: Field(trace?.value ?? 0n),
    low: new IndexedLeaf({
      key: Field(low.leaf.key),
      value: Field(low.leaf.value),
      nextKey: Field(low.leaf.nextKey),
    }),
    lowIndex: Array.from({ length: MAP_DEPTH }, (_, bit) => Bool(((low.index >> BigInt(bit)) & 1n) === 1n)),
    lowPath: low.path.map(Field),
    path: (trace?.path ?? NO_PATH).map(Field),
  });
}

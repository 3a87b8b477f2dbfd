import { Bool, Field, PrivateKey, Signature, UInt32 } from "o1js";
import {
  EMPTY_LOCAL_VALUES,
  type Execution,
  LedgerContext,
  LedgerState,
  LocalState,
  NO_DEADLINE,
  openingOf,
  ReturnFrame,
  SignedStep,
  stepAccountOf,
  type TransferFields,
  transferUpdate,
} from "../../../circuits/ledger/index.ts";
import {
  accountFrom,
  accountHashUnsafe,
  EMPTY_LEAF,
  forestHash,
  fullCommitment,
  LedgerPath,
  ledgerRoot,
  transferUpdateHash,
} from "../../../circuits/mina/index.ts";
import { defaultAccount } from "../../../ledger/index.ts";
import { type Account, contextHash, INNER_KEY, LEDGER_DEPTH, NANOMINA } from "../../../protocol/index.ts";
import { type TestKey, testKey } from "../../ledger/support/commands.ts";

export const context = {
  domain: 11n,
  nonceBase: 2n ** 31n,
  creationFee: NANOMINA,
  innerKey: INNER_KEY,
  innerVerificationKeyHash: 13n,
};

/** Slot of the block under way. */
export const SLOT = 100n;

export interface Craft {
  /** A command starts with this step; otherwise one is open. */
  readonly starts?: boolean;
  readonly key?: TestKey;
  /** What stands at the index before; null: an empty leaf. */
  readonly account?: Account | null;
  readonly index?: bigint;
  readonly update?: TransferFields;
  readonly children?: bigint;
  readonly siblings?: bigint;
  /** Slot that a starting command announces. */
  readonly slot?: bigint;
  /** Fees collected, excess and supply before the step. */
  readonly fees?: bigint;
  readonly excess?: bigint;
  readonly supply?: bigint;
  readonly stack?: bigint;
}

export interface CraftedStep {
  readonly context: LedgerContext;
  readonly before: Execution;
  readonly step: SignedStep;
}

/** An account that pays: 100 MINA, at the nonce base. */
export function payer(key: TestKey, changes: Partial<Account> = {}): Account {
  return { ...defaultAccount(key.publicKey, context.nonceBase), balance: 100n * NANOMINA, ...changes };
}

/** Fields of the fee payer whose account is `payer()`. */
export const feePayer: TransferFields = {
  amount: 5n,
  isNegative: true,
  incrementNonce: true,
  useFullCommitment: true,
  implicitAccountCreationFee: true,
  nonce: { lower: context.nonceBase, upper: context.nonceBase },
  slot: { lower: 0n, upper: 2n ** 32n - 1n },
  isSigned: true,
};

/**
 * One step and a state in which it is the next one, its signature made by `key`. Whatever the options say holds
 * together, so that a step breaks one rule only.
 */
export function craftStep(craft: Craft = {}): CraftedStep {
  const { starts = false, key = testKey(0), index = 5n } = craft;
  const account = craft.account === undefined ? payer(key) : craft.account;
  const update = transferUpdate(key.publicKey, craft.update ?? (starts ? feePayer : {}));
  const hash = transferUpdateHash(update, Bool(starts));
  const children = Field(craft.children ?? 0n);
  const siblings = Field(craft.siblings ?? (starts ? 21n : 0n));
  const path = LedgerPath.from(
    index,
    Array.from({ length: LEDGER_DEPTH }, (_, level) => BigInt(1000 + level)),
  );
  const opening = openingOf(context, {
    ctx: contextHash(context),
    ledgerRoot: ledgerRoot(path, account ? accountHashUnsafe(accountFrom(account)) : EMPTY_LEAF).toBigInt(),
    slot: SLOT,
    cursor: 3n,
    processed: 4n,
    newAccounts: 0n,
    refused: 0n,
    landBy: NO_DEADLINE,
    fees: craft.fees ?? 0n,
    local: EMPTY_LOCAL_VALUES,
  });
  const memoHash = Field(22n);
  const local = starts
    ? new LocalState(opening.local)
    : openLocal(craft, forestHash(hash, children, siblings));
  const full = starts ? fullCommitment(memoHash, hash, siblings) : local.fullCommitment;
  return {
    context: new LedgerContext(opening.context),
    before: { state: new LedgerState(opening.state), local },
    step: new SignedStep({
      active: Bool(true),
      update,
      signature: sign(key, update.useFullCommitment.toBoolean() ? full : local.commitment),
      children,
      siblings,
      memoHash,
      slot: UInt32.from(craft.slot ?? SLOT),
      returnTo: new ReturnFrame({
        caller: Field(0),
        callerCaller: Field(0),
        calls: Field(0),
        stack: Field(0),
      }),
      isNew: Bool(account === null),
      account: stepAccountOf(account ?? defaultAccount(key.publicKey, context.nonceBase)),
      path,
    }),
  };
}

function openLocal(craft: Craft, calls: Field): LocalState {
  return new LocalState({
    ...LocalState.empty(),
    stack: Field(craft.stack ?? 0n),
    calls,
    commitment: Field(31n),
    fullCommitment: Field(32n),
    excess: Field(craft.excess ?? 0n),
    supply: Field(craft.supply ?? 0n),
    index: Field(1n),
  });
}

export function sign(key: TestKey, message: Field): Signature {
  return Signature.create(PrivateKey.fromBase58(key.privateKey), [message]);
}

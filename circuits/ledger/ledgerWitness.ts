import { Bool, Field, Scalar, Signature, UInt32, UInt64 } from "o1js";
import type { AccountUpdateTrace, AppliedUpdate, LocalState as LocalValues } from "../../ledger/index.ts";
import {
  type Account,
  type Interval,
  LEDGER_DEPTH,
  type LedgerConstants,
  MAX_UINT32,
  mod,
  type PublicKey as PublicKeyValue,
  type Signature as SignatureValue,
} from "../../protocol/index.ts";
import {
  accountFrom,
  LedgerPath,
  type MinaAccount,
  newAccount,
  OptionalInterval,
  publicKeyFrom,
  TransferUpdate,
} from "../mina/index.ts";
import { FeePayout } from "./feesRule.ts";
import { LedgerContext } from "./LedgerContext.ts";
import { LedgerState } from "./LedgerState.ts";
import { LedgerStatement } from "./LedgerStatement.ts";
import { LocalState } from "./LocalState.ts";
import { afterFees, afterSigned, type FeesInput, type SignedInput } from "./ledgerLeaves.ts";
import { type LedgerValues, ledgerHash, localHash, stackOf } from "./ledgerValues.ts";
import { Opening } from "./openStatement.ts";
import { ReturnFrame, SignedStep, StepAccount } from "./SignedStep.ts";

/** Inputs of a `signed` proof; unused steps are idle. @throws RangeError for more updates than steps */
export function signedWitness(
  input: SignedInput,
  steps: number,
): { statement: LedgerStatement; opening: Opening; steps: SignedStep[] } {
  const { updates, context, from } = input;
  if (updates.length > steps) throw new RangeError(`${updates.length} updates in ${steps} steps`);
  return {
    statement: statementOf(from, afterSigned(input)),
    opening: openingOf(context, from),
    steps: Array.from({ length: steps }, (_, i) => {
      const trace = updates[i];
      return trace ? stepOf(context, trace) : idleStep();
    }),
  };
}

/** Inputs of a `fees` proof. */
export function feesWitness(input: FeesInput): {
  statement: LedgerStatement;
  opening: Opening;
  payout: FeePayout;
} {
  const { context, from, payout } = input;
  return {
    statement: statementOf(from, afterFees(input)),
    opening: openingOf(context, from),
    payout: new FeePayout({
      recipient: publicKeyFrom(payout.before.publicKey),
      account: stepAccountOf(payout.before),
      path: LedgerPath.from(payout.index, payout.path),
      slot: UInt32.from(payout.slot),
    }),
  };
}

export function statementOf(from: LedgerValues, to: LedgerValues): LedgerStatement {
  return new LedgerStatement({ from: Field(ledgerHash(from)), to: Field(ledgerHash(to)) });
}

export function openingOf(context: LedgerConstants, at: LedgerValues): Opening {
  return new Opening({
    state: new LedgerState({
      ctx: Field(at.ctx),
      ledgerRoot: Field(at.ledgerRoot),
      slot: UInt32.from(at.slot),
      cursor: Field(at.cursor),
      processed: UInt64.from(at.processed),
      newAccounts: Field(at.newAccounts),
      refused: Field(at.refused),
      landBy: UInt32.from(at.landBy),
      fees: UInt64.from(at.fees),
      local: Field(localHash(at.local)),
    }),
    local: localOf(at.local),
    context: new LedgerContext({
      domain: Field(context.domain),
      nonceBase: UInt32.from(context.nonceBase),
      creationFee: UInt64.from(context.creationFee),
      innerKey: publicKeyFrom(context.innerKey),
      innerVerificationKeyHash: Field(context.innerVerificationKeyHash),
    }),
  });
}

function localOf({ frame, ...local }: LocalValues): LocalState {
  return new LocalState({
    stack: Field(stackOf(local.stack)),
    caller: Field(frame.caller),
    callerCaller: Field(frame.callerCaller),
    calls: Field(frame.calls),
    commitment: Field(local.commitment),
    fullCommitment: Field(local.fullCommitment),
    excess: Field(mod(local.excess)),
    supply: Field(mod(local.supply)),
    index: Field(local.index),
  });
}

/** What a step's witness is made from: an update, its place in its command, and the ledger before it. */
export type StepSource = Pick<
  AccountUpdateTrace,
  "applied" | "slot" | "memoHash" | "children" | "siblings" | "index" | "before" | "path"
> & { readonly localBefore: Pick<LocalValues, "stack"> };

/** The witness of an active step. */
export function stepOf(context: Pick<LedgerConstants, "nonceBase">, trace: StepSource): SignedStep {
  const { key, update, signature } = updateOf(trace.applied);
  const [top, ...rest] = trace.localBefore.stack;
  return new SignedStep({
    active: Bool(true),
    update,
    signature,
    children: Field(trace.children),
    siblings: Field(trace.siblings),
    memoHash: Field(trace.memoHash),
    slot: UInt32.from(trace.slot),
    returnTo: new ReturnFrame({
      caller: Field(top?.caller ?? 0n),
      callerCaller: Field(top?.callerCaller ?? 0n),
      calls: Field(top?.calls ?? 0n),
      stack: Field(stackOf(rest)),
    }),
    isNew: Bool(trace.before === null),
    account: trace.before ? stepAccountOf(trace.before) : freshAccount(key, context.nonceBase),
    path: LedgerPath.from(trace.index, trace.path),
  });
}

// Of a step that is not used nothing is looked at, but its form is checked: some point, no amount, no bounds.
const IDLE_KEY: PublicKeyValue = { x: 1n, isOdd: false };
const NO_SIGNATURE: SignatureValue = { r: 1n, s: 1n };
const NO_PATH = Array.from({ length: LEDGER_DEPTH }, () => 0n);

/** A step that changes nothing, good in every state. */
export function idleStep(): SignedStep {
  const zero = Field(0);
  return new SignedStep({
    active: Bool(false),
    update: transferUpdate(IDLE_KEY, {}),
    signature: signatureFrom(NO_SIGNATURE),
    children: zero,
    siblings: zero,
    memoHash: zero,
    slot: UInt32.from(0),
    returnTo: new ReturnFrame({ caller: zero, callerCaller: zero, calls: zero, stack: zero }),
    isNew: Bool(false),
    account: freshAccount(IDLE_KEY, 0n),
    path: LedgerPath.from(0n, NO_PATH),
  });
}

function updateOf(applied: AppliedUpdate): {
  key: PublicKeyValue;
  update: TransferUpdate;
  signature: Signature;
} {
  if (applied.kind === "feePayer") {
    const { publicKey, fee, nonce, validUntil, signature } = applied.feePayer;
    const update = transferUpdate(publicKey, {
      amount: fee,
      isNegative: true,
      incrementNonce: true,
      useFullCommitment: true,
      implicitAccountCreationFee: true,
      nonce: { lower: nonce, upper: nonce },
      slot: { lower: 0n, upper: validUntil ?? MAX_UINT32 },
      isSigned: true,
    });
    return { key: publicKey, update, signature: signatureFrom(signature) };
  }
  const { publicKey, balanceChange, authorization, validWhile, mayUseToken, ...flags } = applied.update;
  const update = transferUpdate(publicKey, {
    ...flags,
    amount: balanceChange < 0n ? -balanceChange : balanceChange,
    isNegative: balanceChange < 0n,
    parentsOwnToken: mayUseToken === "parentsOwnToken",
    inheritFromParent: mayUseToken === "inheritFromParent",
    slot: validWhile,
    isSigned: authorization !== null,
  });
  return { key: publicKey, update, signature: signatureFrom(authorization ?? NO_SIGNATURE) };
}

export type TransferFields = {
  amount?: bigint;
  isNegative?: boolean;
  incrementNonce?: boolean;
  useFullCommitment?: boolean;
  implicitAccountCreationFee?: boolean;
  parentsOwnToken?: boolean;
  inheritFromParent?: boolean;
  nonce?: Interval | null;
  slot?: Interval | null;
  isSigned?: boolean;
};

/** An update that does nothing but what the fields say. */
export function transferUpdate(key: PublicKeyValue, fields: TransferFields): TransferUpdate {
  const flag = (value: boolean | undefined) => Bool(value ?? false);
  return new TransferUpdate({
    publicKey: publicKeyFrom(key),
    amount: UInt64.from(fields.amount ?? 0n),
    isNegative: flag(fields.isNegative),
    incrementNonce: flag(fields.incrementNonce),
    useFullCommitment: flag(fields.useFullCommitment),
    implicitAccountCreationFee: flag(fields.implicitAccountCreationFee),
    parentsOwnToken: flag(fields.parentsOwnToken),
    inheritFromParent: flag(fields.inheritFromParent),
    nonce: intervalFrom(fields.nonce),
    slot: intervalFrom(fields.slot),
    isSigned: flag(fields.isSigned),
  });
}

function intervalFrom(interval: Interval | null | undefined): OptionalInterval {
  if (!interval) return OptionalInterval.none();
  const { lower, upper } = interval;
  return new OptionalInterval({ isSome: Bool(true), lower: UInt32.from(lower), upper: UInt32.from(upper) });
}

function signatureFrom({ r, s }: SignatureValue): Signature {
  return Signature.fromObject({ r: Field(r), s: Scalar.from(s) });
}

/** The account as a step takes it. */
export function stepAccountOf(account: Account): StepAccount {
  return stepAccount(accountFrom(account));
}

function freshAccount(key: PublicKeyValue, nonce: bigint): StepAccount {
  return stepAccount(newAccount(publicKeyFrom(key), UInt32.from(nonce)));
}

/** Drops what the rule puts there itself. */
function stepAccount({
  publicKey: _key,
  tokenId: _token,
  timing: _timing,
  ...rest
}: MinaAccount): StepAccount {
  return new StepAccount(rest);
}

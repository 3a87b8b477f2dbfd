import { Bool, Field, Provable, PublicKey, Signature, Struct, UInt32, UInt64 } from "o1js";
import { LedgerPath, Permissions, TransferUpdate } from "../mina/index.ts";
import type { LedgerState } from "./LedgerState.ts";
import type { LocalState } from "./LocalState.ts";

/** σ with its `local` opened. While rules run, `state.local` is stale; `sealExecution` renews it. */
export type Execution = { readonly state: LedgerState; readonly local: LocalState };

/**
 * The account that an update meets, less what the rule knows: its key is the update's, its token is MINA, and it is
 * untimed. An account with a vesting schedule hashes differently, so this branch cannot open it.
 */
export class StepAccount extends Struct({
  tokenSymbol: Field,
  balance: UInt64,
  nonce: UInt32,
  receiptChainHash: Field,
  delegate: PublicKey,
  votingFor: Field,
  permissions: Permissions,
  /** Digest of the zkApp part, which this branch never changes and so never opens. */
  zkapp: Field,
}) {}

/** The frame that the command returns to after the last update of the current one. */
export class ReturnFrame extends Struct({ caller: Field, callerCaller: Field, calls: Field, stack: Field }) {}

/** One account update with all that it takes to apply it; or nothing, where `active` is off. */
export class SignedStep extends Struct({
  /** The prover's choice: an idle step changes nothing. */
  active: Bool,
  update: TransferUpdate,
  signature: Signature,
  /** Forest under the update, and the one behind it. Bound by the frame's forest, or, for a fee payer, by its signature. */
  children: Field,
  siblings: Field,
  /** Memo of the command that starts here. Bound by the fee payer's signature. */
  memoHash: Field,
  /** Slot of the block that the command which starts here belongs to. Bound by what the batch's end says of it. */
  slot: UInt32,
  returnTo: ReturnFrame,
  /** The prover's choice between an empty leaf and the account; the leaf decides which one can be proved. */
  isNew: Bool,
  account: StepAccount,
  path: LedgerPath,
}) {}

/** Steps of one `signed` proof, as a private input. */
export const signedSteps = (count: number) => Provable.Array(SignedStep, count);

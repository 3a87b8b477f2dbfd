import {
  AccountUpdate,
  Bool,
  declareMethods,
  declareState,
  Field,
  Provable,
  type PublicKey,
  SmartContract,
  State,
} from "o1js";
import { pinnedKey } from "../keys/index.ts";
import { QuorumProof } from "../quorum/index.ts";
import { WrapperProof } from "../wrapper/index.ts";
import { applyCommit, type CommitEffect, CommitWitness } from "./applyCommit.ts";
import { applyRotation, RotationWitness } from "./applyRotation.ts";
import { OuterErrors } from "./OuterErrors.ts";
import { requireFullSignature } from "./requireFullSignature.ts";

const fieldNames = [
  "core",
  "pending",
  "matured",
  "previous",
  "cursor",
  "status",
  "validators",
  "governance",
] as const;

/**
 * The rollup's account on Mina. Its eight fields are hashes; what they hold is in protocol/outerState.ts.
 * Proofs are verified by their pinned keys, so that the contract compiles without the programs behind them.
 */
export class OuterContract extends SmartContract {
  // Set in the constructor: a class field would hide the accessors that `declareState` installs.
  declare core: State<Field>;
  declare pending: State<Field>;
  declare matured: State<Field>;
  declare previous: State<Field>;
  declare cursor: State<Field>;
  declare status: State<Field>;
  declare validators: State<Field>;
  declare governance: State<Field>;

  constructor(address: PublicKey, tokenId?: Field) {
    super(address, tokenId);
    for (const name of fieldNames) this[name] = State<Field>();
  }

  /** The inherited one leaves fields and permissions open for a while. */
  override async deploy(): Promise<void> {
    throw new Error(OuterErrors.deployUnused);
  }

  /** Accepts one batch: S → S', proved by the wrapper, attested by a quorum of validators. */
  async commit(wrapper: WrapperProof, quorum: QuorumProof, witness: CommitWitness): Promise<void> {
    wrapper.verify(pinnedKey("wrapper"));
    quorum.verify(pinnedKey("quorum"));
    const effect = applyCommit(
      this.address,
      { wrapper: wrapper.publicInput, message: quorum.publicInput, quorum: quorum.publicOutput },
      witness,
    );
    for (const [i, name] of fieldNames.entries()) {
      this[name].requireEquals(effect.before[i]!);
      this[name].set(effect.after[i]!);
    }
    this.#requireLanding(effect, wrapper.publicInput.recent);
    // The sequencer authority signs the whole transaction, unless everybody may commit: then its update is no update.
    const authority = AccountUpdate.createIf(effect.open.not(), witness.governance.sequencer);
    requireFullSignature(authority);
  }

  /**
   * Puts the next validator set into force: signed by a quorum of the current one, and by every member of the next one.
   * Whoever sends it needs no right of its own. Touches field 6 alone; a commit under way pins it and is made again.
   */
  async rotateValidators(
    change: QuorumProof,
    possession: QuorumProof,
    witness: RotationWitness,
  ): Promise<void> {
    change.verify(pinnedKey("quorum"));
    possession.verify(pinnedKey("quorum"));
    const { before, after, governance, lower, upper } = applyRotation(
      { message: change.publicInput, quorum: change.publicOutput },
      { message: possession.publicInput, quorum: possession.publicOutput },
      witness,
    );
    this.validators.requireEquals(before);
    this.governance.requireEquals(governance);
    this.validators.set(after);
    const { validWhile } = this.self.body.preconditions;
    validWhile.isSome = Bool(true);
    validWhile.value = { lower, upper };
  }

  /** Window of slots, and one of the account's last five action states when actions were processed. */
  #requireLanding({ lower, upper, moved }: CommitEffect, recent: Field): void {
    const { preconditions } = this.self.body;
    preconditions.validWhile.isSome = Bool(true);
    preconditions.validWhile.value = { lower, upper };
    const { actionState } = preconditions.account;
    actionState.isSome = moved;
    // What stands there without a precondition must be Mina's neutral value, or JSON gives another hash.
    actionState.value = Provable.if(moved, recent, AccountUpdate.Actions.emptyActionState());
  }
}

declareState(OuterContract, {
  core: Field,
  pending: Field,
  matured: Field,
  previous: Field,
  cursor: Field,
  status: Field,
  validators: Field,
  governance: Field,
});
// o1js takes provable classes here; its types ask for the objects behind them.
const commitArguments = [WrapperProof, QuorumProof, CommitWitness] as unknown as Provable<unknown>[];
const rotateArguments = [QuorumProof, QuorumProof, RotationWitness] as unknown as Provable<unknown>[];
declareMethods(OuterContract, { commit: commitArguments, rotateValidators: rotateArguments });

import {
  type AccountChange,
  accountIdKey,
  type Block,
  MAX_UINT32,
  type PublicKey,
  type State,
  type ZkappCommand,
} from "../protocol/index.ts";
import { type AppliedCommand, applyCommand } from "./applyCommand.ts";
import { ExecutionError } from "./errors/ExecutionError.ts";
import type { IndexedMap } from "./IndexedMap.ts";
import type { Ledger } from "./Ledger.ts";
import { payFees } from "./rules/payFees.ts";
import type { Snapshot } from "./Snapshot.ts";
import type { AccountUpdateTrace, BatchTraces, FeesTrace, InsertTrace, NewAccount } from "./traces.ts";

/** A batch, executed: the step from `source` to `target`, and everything that is posted or proved about it. */
export interface ExecutedBatch {
  readonly source: Snapshot;
  readonly target: Snapshot;
  readonly blocks: readonly Block[];
  readonly feeRecipient: PublicKey;
  /** Smallest deadline of a credited deposit. No deposits in this version: 2³² − 1. */
  readonly landBy: bigint;
  /** Every account that differs from the source, in index order, in full. */
  readonly changes: readonly AccountChange[];
  /** In the order of creation. */
  readonly newAccounts: readonly NewAccount[];
  /** Nanomina paid to the fee recipient. */
  readonly fees: bigint;
  /** Null unless asked for. */
  readonly traces: BatchTraces | null;
}

interface OpenBlock {
  readonly slot: bigint;
  readonly timestampMs: bigint;
  readonly commands: ZkappCommand[];
}

/**
 * A batch under way: blocks are opened, commands applied to the last of them, and `finish` pays the fees and makes the
 * target state. A command that is refused leaves no mark. The source is never written to.
 */
export class BatchExecution {
  readonly #source: Snapshot;
  readonly #traced: boolean;
  readonly #ledger: Ledger;
  readonly #blocks: OpenBlock[] = [];
  readonly #created: bigint[] = [];
  readonly #updates: AccountUpdateTrace[] = [];
  #fees = 0n;

  /** @param options.traced also record what the proofs need; about twice the work */
  constructor(source: Snapshot, { traced = false }: { traced?: boolean } = {}) {
    this.#source = source;
    this.#traced = traced;
    this.#ledger = source.ledger.fork();
  }

  /** The ledger as the commands so far leave it, before the batch's fees are paid. Read it, do not write to it. */
  get ledger(): Ledger {
    return this.#ledger;
  }

  get blocks(): readonly Block[] {
    return this.#blocks;
  }

  /** Collected so far, nanomina. */
  get fees(): bigint {
    return this.#fees;
  }

  /** @param slot at least the last block's, 32 bits @throws {ExecutionError} `EXECUTION_SLOT_BACKWARDS` */
  openBlock(slot: bigint, timestampMs: bigint): void {
    const last = this.#blocks.at(-1)?.slot ?? this.#source.state.lastSlot;
    if (slot < last || slot > MAX_UINT32)
      throw new ExecutionError("EXECUTION_SLOT_BACKWARDS", { slot, last });
    this.#blocks.push({ slot, timestampMs, commands: [] });
  }

  /**
   * Applies a command to the open block, or changes nothing.
   * @throws {ExecutionError} the first rule broken; {CommandError} `COMMAND_CALL_DEPTH`
   */
  apply(command: ZkappCommand): AppliedCommand {
    const block = this.#blocks.at(-1);
    if (!block) throw new RangeError("no block is open");
    const context = { ...this.#source.rules, slot: block.slot, fees: this.#fees };
    const applied = applyCommand(this.#ledger, command, context, { traced: this.#traced });
    const place = { block: this.#blocks.length - 1, command: block.commands.length };
    // Assigned, not spread: a copy would hash every root that traces compute on demand.
    for (const step of applied.steps) this.#updates.push(Object.assign(step, place));
    this.#created.push(...applied.created);
    this.#fees = applied.fees;
    block.commands.push(command);
    return applied;
  }

  /**
   * Pays the fees and makes the target state. The execution can go on afterwards, as if this had not been called: so a
   * sequencer can look at a batch before it closes it.
   * @throws {ExecutionError} `EXECUTION_FEE_RECIPIENT`
   */
  finish(feeRecipient: PublicKey): ExecutedBatch {
    const { rules, owed } = this.#source;
    const ledger = this.#ledger.fork();
    const fees = this.#payFees(ledger, feeRecipient);
    const newAccounts = this.#created.map((index) => newAccount(ledger, index));
    const accounts = this.#source.accounts.fork();
    const inserts = this.#insert(accounts, newAccounts);
    const target: Snapshot = { rules, ledger, accounts, owed, state: this.#target(ledger, accounts) };
    return {
      source: this.#source,
      target,
      blocks: this.#blocks.map((block) => ({ ...block, commands: [...block.commands] })),
      feeRecipient,
      landBy: MAX_UINT32,
      changes: [...ledger.changesSince(this.#source.ledger)],
      newAccounts,
      fees: this.#fees,
      traces: this.#traced ? { updates: [...this.#updates], fees: fees!, inserts } : null,
    };
  }

  #payFees(ledger: Ledger, recipient: PublicKey): FeesTrace | null {
    const found = ledger.indexOf(recipient);
    const before = found === null ? null : ledger.get(found);
    const after = payFees(recipient, before, this.#fees);
    const index = found!;
    const path = this.#traced ? ledger.path(index) : [];
    const ledgerRootBefore = this.#traced ? ledger.root() : 0n;
    ledger.set(index, after);
    if (!this.#traced) return null;
    const slot = this.#lastSlot();
    const ledgerRootAfter = ledger.root();
    return {
      slot,
      amount: this.#fees,
      index,
      before: before!,
      after,
      path,
      ledgerRootBefore,
      ledgerRootAfter,
    };
  }

  #insert(accounts: IndexedMap, created: readonly NewAccount[]): InsertTrace[] {
    if (this.#traced) return created.map(({ key, index }) => accounts.insertTraced(key, index));
    for (const { key, index } of created) accounts.insert(key, index);
    return [];
  }

  #lastSlot(): bigint {
    return this.#blocks.at(-1)?.slot ?? this.#source.state.lastSlot;
  }

  #target(ledger: Ledger, accounts: IndexedMap): State {
    const { state } = this.#source;
    return {
      ...state,
      ledgerRoot: ledger.root(),
      accountsRoot: accounts.root(),
      accountsLength: accounts.length,
      lastSlot: this.#lastSlot(),
      batch: state.batch + 1n,
      blockCount: state.blockCount + BigInt(this.#blocks.length),
    };
  }
}

function newAccount(ledger: Ledger, index: bigint): NewAccount {
  const { publicKey, tokenId } = ledger.get(index)!;
  return { publicKey, tokenId, index, key: accountIdKey(publicKey, tokenId) };
}

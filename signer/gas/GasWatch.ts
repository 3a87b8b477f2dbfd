import type { L1Account, L1Block, L1Client } from "../../l1/index.ts";
import { type GasDeployment, publicKeyToBase58 } from "../../protocol/index.ts";
import { type Clock, faultOf, type Logger, type Service } from "../../service/index.ts";
import { SignerError } from "../SignerError.ts";
import type { SignerMetrics } from "../SignerMetrics.ts";
import type { GasSighting, GasStanding, GasStore } from "./GasStore.ts";
import { readGasLocks } from "./readGasLocks.ts";

export interface GasWatchOptions {
  readonly gas: GasDeployment;
  /** Blocks on top of one that make it final. */
  readonly depth: number;
  readonly pollIntervalMs: number;
}

export interface GasWatchModules {
  readonly l1: Pick<L1Client, "blocks" | "account" | "actions">;
  readonly store: GasStore;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Pick<SignerMetrics, "gasLooks" | "gasTotal">;
}

/** As many blocks as a daemon can tell of: what was seen before must be found among them, or it is not believed any more. */
const WINDOW = 291;
/** Sightings kept; more than blocks that can stand between a tip and its finality. */
const MAX_SIGHTINGS = 1_024;

/**
 * Counts MINA that is locked for gas, once it is so deep in L1 that no reorganisation takes it back.
 *
 * How deep a lock is, no archive is asked: the account's action state is noted with the tip at which our own daemon had it, and
 * counts once that block has `depth` others on top. The archive only says what is behind the action state, and what it says is
 * hashed again. So a lock is late, never early, when either of them lies or lags; after a pause longer than the daemon's memory
 * the wait begins anew.
 */
export class GasWatch implements Service {
  readonly #account: string;
  readonly #options: GasWatchOptions;
  readonly #modules: GasWatchModules;
  readonly #stopped = new AbortController();
  #loop: Promise<void> = Promise.resolve();
  #lookedAt: string | undefined;

  constructor(options: GasWatchOptions, modules: GasWatchModules) {
    this.#options = options;
    this.#modules = modules;
    this.#account = publicKeyToBase58(options.gas.account);
  }

  async start(): Promise<void> {
    const { clock } = this.#modules;
    this.#loop = clock.every(this.#options.pollIntervalMs, this.#stopped.signal, () => this.#lookSafely());
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#loop;
  }

  async #lookSafely(): Promise<void> {
    const { l1, log, metrics } = this.#modules;
    try {
      const [tip] = await l1.blocks(1);
      // A look asks for hundreds of blocks; an old tip has nothing to say, unless the last look at it failed.
      if (tip?.stateHash === this.#lookedAt) return;
      await this.look();
      this.#lookedAt = tip?.stateHash;
      metrics.gasLooks.inc({ outcome: "counted" });
    } catch (error) {
      metrics.gasLooks.inc({ outcome: "failed" });
      log.warn("locked MINA not counted", faultOf(error));
    }
  }

  /**
   * Looks once. Nothing is counted when it throws.
   * @throws {L1Error}; {GasError} `GAS_ACTION`; {SignerError} `SIGNER_GAS_ACCOUNT`, `SIGNER_GAS_UNBACKED`
   */
  async look(): Promise<void> {
    const { l1, store, metrics } = this.#modules;
    const { depth } = this.#options;
    const chain = await l1.blocks(Math.max(depth + 1, WINDOW));
    const account = this.#checked(await l1.account(this.#account));
    const [again] = await l1.blocks(1);
    const tip = chain.at(-1)!;
    const before = await store.standing();
    metrics.gasTotal.set(Number(before.sum));
    let sightings = stillStanding(before.sightings, chain);
    // A block between two answers would pair one block with another's state; the next look does better.
    if (again?.stateHash === tip.stateHash) sightings = noted(sightings, tip, account.actionState);
    const deep = sightings.findLast(({ height }) => height + depth <= tip.height);
    if (deep) sightings = sightings.filter(({ height }) => height >= deep.height);
    if (deep && deep.actions !== before.final)
      await this.#count({ ...before, sightings }, deep, account.balance);
    else if (changed(before.sightings, sightings)) await store.save({ ...before, sightings });
  }

  /** Adds the locks between two final action states; all of them, or none. */
  async #count(before: GasStanding, deep: GasSighting, balance: bigint): Promise<void> {
    const { l1, store, log, metrics } = this.#modules;
    const range = { to: deep.actions, ...(before.final !== null && { from: before.final }) };
    const locks = await readGasLocks(l1, this.#account, range);
    const totals = new Map<bigint, bigint>();
    let { sum } = before;
    for (const { recipient, amount } of locks) {
      totals.set(recipient, (totals.get(recipient) ?? (await store.total(recipient))) + amount);
      sum += amount;
    }
    // Locked MINA never leaves the account: a sum above its balance means that the account is not what we think it is.
    if (sum > balance) throw new SignerError("SIGNER_GAS_UNBACKED", { sum, balance });
    await store.save({ ...before, final: deep.actions, height: deep.height, sum }, totals);
    metrics.gasTotal.set(Number(sum));
    log.info("locked MINA counted", { locks: locks.length, height: deep.height, sum });
  }

  /** Under another contract's key, actions prove nothing. */
  #checked(account: L1Account | null): { readonly actionState: bigint; readonly balance: bigint } {
    const zkapp = account?.zkapp;
    if (!account || !zkapp) throw new SignerError("SIGNER_GAS_ACCOUNT", { what: "is no contract" });
    if (zkapp.verificationKeyHash !== this.#options.gas.verificationKeyHash)
      throw new SignerError("SIGNER_GAS_ACCOUNT", { what: "has another verification key" });
    if (account.permissions.editActionState !== "Proof")
      throw new SignerError("SIGNER_GAS_ACCOUNT", { what: "lets others than its contract push actions" });
    return { actionState: zkapp.actionState[0]!, balance: account.balance };
  }
}

/** The newest sighting that stands, and its ancestors; without one, nobody knows which of them were taken back. */
function stillStanding(sightings: readonly GasSighting[], chain: readonly L1Block[]): readonly GasSighting[] {
  const inChain = new Set(chain.map(({ stateHash }) => stateHash));
  return sightings.slice(0, sightings.findLastIndex(({ stateHash }) => inChain.has(stateHash)) + 1);
}

function noted(sightings: readonly GasSighting[], tip: L1Block, actions: bigint): readonly GasSighting[] {
  const { height, stateHash } = tip;
  if (sightings.at(-1)?.stateHash === stateHash) return sightings;
  return [...sightings, { height, stateHash, actions }].slice(-MAX_SIGHTINGS);
}

function changed(before: readonly GasSighting[], after: readonly GasSighting[]): boolean {
  return (
    before.length !== after.length || before.some(({ stateHash }, i) => stateHash !== after[i]!.stateHash)
  );
}

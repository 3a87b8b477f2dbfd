import { ActionPages, type L1BlockId, type L1Client, L1Error } from "../../l1/index.ts";
import { type GasDeployment, publicKeyToBase58 } from "../../protocol/index.ts";
import { type Clock, faultOf, type Logger, RepeatingService } from "../../service/index.ts";
import type { SignerMetrics } from "../SignerMetrics.ts";
import { SIGHTING_WINDOW, sightingsDiffer, stillStanding, withSighting } from "../sightings.ts";
import { checkGasAccount } from "./checkGasAccount.ts";
import { countPage, forgetWay } from "./countLocks.ts";
import type { GasSighting, GasStanding, GasStore } from "./GasStore.ts";

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
  readonly metrics: Pick<SignerMetrics, "gasLooks" | "gasTotal" | "gasAccountWrong">;
}

/** Pages of the archive read in one look; the next look goes on. */
const PAGES_A_LOOK = 8;

/**
 * Counts MINA that is locked for gas, once it is so deep in L1 that no reorganisation takes it back.
 *
 * How deep a lock is, no archive is asked: the account's action state is noted with the tip at which our own daemon had it, and
 * counts once that block has `depth` others on top. The archive only says what is behind the action state, and what it says is
 * hashed again. So a lock is late, never early, when either of them lies or lags; after a pause longer than the daemon's memory
 * the wait begins anew.
 */
export class GasWatch extends RepeatingService {
  readonly #account: string;
  readonly #options: GasWatchOptions;
  readonly #modules: GasWatchModules;
  readonly #pages: ActionPages;
  #lookedAt: string | undefined;

  constructor(options: GasWatchOptions, modules: GasWatchModules) {
    super(modules.clock, options.pollIntervalMs);
    this.#options = options;
    this.#modules = modules;
    this.#account = publicKeyToBase58(options.gas.account);
    this.#pages = new ActionPages(modules.l1, this.#account);
  }

  protected async work(): Promise<void> {
    const { l1, log, metrics } = this.#modules;
    try {
      const [tip] = await l1.blocks(1);
      // A look asks for hundreds of blocks; an old tip has nothing to say, unless the last look at it did not come to its end.
      if (tip?.stateHash === this.#lookedAt) return;
      const isAll = await this.look();
      this.#lookedAt = isAll ? tip?.stateHash : undefined;
      metrics.gasLooks.inc({ outcome: "counted" });
    } catch (error) {
      metrics.gasLooks.inc({ outcome: "failed" });
      log.warn("locked MINA not counted", faultOf(error));
    }
  }

  /**
   * Looks once, and counts a bounded number of locks.
   * @returns whether all final ones are counted
   * @throws {L1Error}; {GasError} `GAS_ACTION`; {SignerError} `SIGNER_GAS_ACCOUNT`, `SIGNER_GAS_UNBACKED`
   */
  async look(): Promise<boolean> {
    const { l1, store, metrics } = this.#modules;
    const { depth } = this.#options;
    const chain = await l1.blocks(Math.max(depth + 1, SIGHTING_WINDOW));
    const { actionState, balance } = await this.#checkedAccount();
    const [again] = await l1.blocks(1);
    const tip = chain.at(-1)!;
    const before = await store.standing();
    metrics.gasTotal.set(Number(before.sum));
    let sightings = stillStanding(before.sightings, chain);
    // A block between two answers would pair one block with another's state; the next look does better.
    if (again?.stateHash === tip.stateHash) sightings = withSighting(sightings, sightingOf(tip, actionState));
    const deep = sightings.findLast(({ height }) => height + depth <= tip.height);
    if (deep) sightings = sightings.filter(({ height }) => height >= deep.height);
    if (sightingsDiffer(before.sightings, sightings)) await store.save({ ...before, sightings });
    return await this.#count({ ...before, sightings }, deep, balance);
  }

  /** @returns whether there is nothing left */
  async #count(before: GasStanding, deep: GasSighting | undefined, balance: bigint): Promise<boolean> {
    const { store, log, metrics } = this.#modules;
    let standing = before;
    try {
      for (let pages = 0; pages < PAGES_A_LOOK; pages++) {
        const next = withTarget(standing, deep);
        if (!next) break;
        standing = await countPage(next, balance, { pages: this.#pages, store, account: this.#account });
      }
    } catch (error) {
      if (error instanceof L1Error) this.#pages.adapt("badly");
      // Any of its answers since the last counted lock may have been false.
      if (error instanceof L1Error && error.code === "L1_ACTIONS_INCOMPLETE")
        await forgetWay(standing, store);
      throw error;
    } finally {
      const { sum, height } = standing;
      metrics.gasTotal.set(Number(sum));
      if (sum > before.sum) log.info("locked MINA counted", { height, sum });
    }
    if (withTarget(standing, deep)) return false;
    this.#pages.adapt("well");
    return true;
  }

  /** Under another contract's key or other permissions, actions prove nothing. */
  async #checkedAccount() {
    const { l1, metrics } = this.#modules;
    const account = await l1.account(this.#account);
    metrics.gasAccountWrong.set(1);
    const checked = checkGasAccount(account, this.#options.gas);
    metrics.gasAccountWrong.set(0);
    return checked;
  }
}

/** With the way to the newest final state, unless there is one already. @returns undefined where all is counted */
function withTarget(standing: GasStanding, deep: GasSighting | undefined): GasStanding | undefined {
  if (standing.ahead.length > 0) return standing;
  if (!deep || deep.actions === standing.final) return undefined;
  return { ...standing, ahead: [{ actions: deep.actions, height: deep.height + 1 }] };
}

function sightingOf({ height, stateHash }: L1BlockId, actions: bigint): GasSighting {
  return { height, stateHash, actions };
}

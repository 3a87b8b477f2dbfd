import type { DaReader } from "../../da/index.ts";
import { type CheckedSet, checkedSet } from "../../gossip/index.ts";
import {
  checkedSuccessor,
  type Genesis,
  type OuterState,
  outerAfterRotation,
  type Rotation,
  type RotationKind,
  type ValidatorEpochs,
  validatorEpochsHash,
  validatorSetHash,
} from "../../protocol/index.ts";

export interface ValidatorHistoryOptions {
  readonly genesis: Genesis;
  /** The outer account at genesis: its delays make a grace's end. */
  readonly outer: OuterState;
}

export interface ValidatorHistoryModules {
  readonly da: Pick<DaReader, "currentEpoch" | "validatorSet">;
}

/** A rotation, as far as field 6 holds it. */
export type RotationNews = Pick<Rotation, "current" | "next" | "until" | "kind">;

/** As the DA chain tells of an epoch. */
interface Told extends CheckedSet {
  readonly until: bigint;
  readonly kind: RotationKind;
}

interface Epoch extends Told {
  /** Field 6 of the outer account once Mina has taken this epoch's rotation. */
  readonly field: ValidatorEpochs;
}

/**
 * Every validator set so far, as the DA chain lists them, and which of them L1 takes. Field 6 is a hash: what it stands for
 * is computed from the list and compared, so a node that lies can only keep us from settling.
 */
export class ValidatorHistory {
  readonly #options: ValidatorHistoryOptions;
  readonly #modules: ValidatorHistoryModules;
  /** By epoch, from 0. */
  readonly #epochs: Epoch[];
  /** One that Mina has taken and the DA chain not mirrored, as somebody told us. */
  #announced: Epoch | undefined;

  constructor(options: ValidatorHistoryOptions, modules: ValidatorHistoryModules) {
    this.#options = options;
    this.#modules = modules;
    const set = options.genesis.validators;
    const first = { set, hash: validatorSetHash(set), until: 0n, kind: "normal" as const };
    this.#epochs = [{ ...first, field: options.outer.validators }];
  }

  /**
   * Learns of rotations that the DA chain has mirrored.
   * @param hash field 6 as Mina has it, when it is known: what was read before is read again when it does not make it, as a node
   * may have lied then @throws {DaError}; {GossipError} `SET_MISMATCH`
   */
  async look(hash?: bigint): Promise<void> {
    const current = await this.#modules.da.currentEpoch();
    while (BigInt(this.#epochs.length) <= current)
      this.#epochs.push(this.#after(this.#epochs.at(-1)!, await this.#read(BigInt(this.#epochs.length))));
    if (hash !== undefined && !this.fieldOf(hash)) await this.#readAgain(Number(current));
  }

  /** From the newest epoch down, until two in a row are as before: a field is made of two. */
  async #readAgain(current: number): Promise<void> {
    const told: Told[] = [];
    for (let epoch = current, same = 0; epoch > 0 && same < 2; epoch--) {
      const next = await this.#read(BigInt(epoch));
      same = isSame(next, this.#epochs[epoch]!) ? same + 1 : 0;
      told.unshift(next);
    }
    this.#epochs.length = current + 1 - told.length; // what the node no longer has goes, too
    for (const next of told) this.#epochs.push(this.#after(this.#epochs.at(-1)!, next));
  }

  async #read(epoch: bigint): Promise<Told> {
    const { da } = this.#modules;
    const { until, kind } = await da.validatorSet(epoch);
    return { ...(await checkedSet(da, epoch, this.#options.genesis.validators)), until, kind };
  }

  /**
   * Takes anybody's word on what Mina has rotated to, before the DA chain mirrors it: field 6 is a hash, and proves it.
   * @param hash field 6 as Mina has it @returns whether it is that rotation
   */
  announce({ current, next, until, kind }: RotationNews, hash: bigint): boolean {
    const latest = this.#epochs.at(-1)!;
    if (validatorSetHash(current) !== latest.hash) return false;
    const set = checkedSuccessor(latest.set, next);
    const announced = this.#after(latest, { set, hash: validatorSetHash(set), until, kind });
    if (validatorEpochsHash(announced.field) !== hash) return false;
    this.#announced = announced;
    return true;
  }

  /** All sets that the DA chain has had in force, oldest first. */
  get sets(): readonly CheckedSet[] {
    return this.#epochs;
  }

  /** What field 6 stands for. @returns undefined when no set of the DA chain's list makes it */
  fieldOf(hash: bigint): ValidatorEpochs | undefined {
    return this.#known.find(({ field }) => validatorEpochsHash(field) === hash)?.field;
  }

  /**
   * Sets whose certificate L1 takes for a batch that lands up to `upper`: the previous one first, whose work is done already.
   * @param hash field 6
   */
  accepted(hash: bigint, upper: bigint): readonly CheckedSet[] {
    const field = this.fieldOf(hash);
    if (!field) return [];
    const { current, previous, graceEnd } = field;
    const good = upper <= graceEnd ? [previous, current] : [current];
    return good.flatMap((wanted) => this.#known.filter((epoch) => epoch.hash === wanted));
  }

  get #known(): readonly Epoch[] {
    const mirrored = this.#epochs;
    const isNews = this.#announced && this.#announced.set.epoch === BigInt(mirrored.length);
    return isNews ? [...mirrored, this.#announced!] : mirrored;
  }

  #after(before: Epoch, told: Told): Epoch {
    const { hash: next, until, kind } = told;
    const outer = { ...this.#options.outer, validators: before.field };
    return { ...told, field: outerAfterRotation(outer, { next, until, kind }).validators };
  }
}

function isSame(a: Told, b: Told): boolean {
  return a.hash === b.hash && a.until === b.until && a.kind === b.kind;
}

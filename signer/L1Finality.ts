import type { L1BlockId, L1Client } from "../l1/index.ts";
import { hash, type PublicKey, publicKeyToBase58, tags } from "../protocol/index.ts";
import { SIGHTING_WINDOW, sightingsDiffer, stillStanding, withSighting } from "./sightings.ts";

/** The outer account as it was while a block was L1's tip. */
export type OuterSighting = L1BlockId & {
  /** H(S) */
  readonly state: bigint;
  /** Field 6 of the outer account. */
  readonly validators: bigint;
};

/** Where sightings outlive the process: without it, who starts again counts blocks anew. */
export interface OuterSightings {
  read(): Promise<readonly OuterSighting[]>;
  /** On disk when it resolves. */
  write(sightings: readonly OuterSighting[]): Promise<void>;
}

/** Watches which state L1 has accepted so deep that no reorganisation takes it back. */
export class L1Finality {
  readonly #outer: string;
  readonly #depth: number;
  readonly #l1: Pick<L1Client, "blocks" | "account">;
  #store: OuterSightings | undefined;
  #sightings: readonly OuterSighting[] = [];
  #final: OuterSighting | undefined;

  /** @param options.depth blocks on top of one that make it final */
  constructor(
    options: { readonly outerKey: PublicKey; readonly depth: number },
    modules: { readonly l1: Pick<L1Client, "blocks" | "account"> },
  ) {
    this.#outer = publicKeyToBase58(options.outerKey);
    this.#depth = options.depth;
    this.#l1 = modules.l1;
  }

  /** Field 6 of the outer account as it is for good; undefined while nothing is known to be. */
  get validators(): bigint | undefined {
    return this.#final?.validators;
  }

  /**
   * Goes on from what an earlier process saw, and keeps there what is seen from now on. Nothing of it is final before a look has
   * found its blocks, or later ones on top of them, in the best chain.
   */
  async remember(store: OuterSightings): Promise<void> {
    this.#store = store;
    this.#sightings = await store.read();
  }

  /** Looks once. @returns H(S) of the newest final state, undefined while none is known. @throws {L1Error}; what the store throws */
  async look(): Promise<bigint | undefined> {
    const chain = await this.#l1.blocks(Math.max(this.#depth + 1, SIGHTING_WINDOW));
    const account = await this.#l1.account(this.#outer);
    const [again] = await this.#l1.blocks(1);
    const tip = chain.at(-1);
    let sightings = stillStanding(this.#sightings, chain);
    // A block between two answers would pair one block with another's state; the next look does better.
    if (tip && again?.stateHash === tip.stateHash && account?.zkapp)
      sightings = withSighting(sightings, sightingOf(tip, account.zkapp.appState));
    const final = sightings.findLast(({ height }) => tip !== undefined && height + this.#depth <= tip.height);
    if (final) sightings = sightings.filter(({ height }) => height >= final.height);
    if (sightingsDiffer(this.#sightings, sightings)) await this.#store?.write(sightings);
    this.#sightings = sightings;
    this.#final = final;
    return final?.state;
  }
}

function sightingOf({ height, stateHash }: L1BlockId, fields: readonly bigint[]): OuterSighting {
  const [core, , , , cursor, , validators] = fields;
  return { height, stateHash, state: hash(tags.state, [core!, cursor!]), validators: validators! };
}

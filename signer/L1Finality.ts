import type { L1BlockId, L1Client } from "../l1/index.ts";
import { hash, type PublicKey, publicKeyToBase58, tags } from "../protocol/index.ts";

type Sighting = L1BlockId & {
  readonly state: bigint;
  /** Field 6 of the outer account. */
  readonly validators: bigint;
};

/** As many blocks as a daemon can tell of: more than come between two looks, so that what was seen before can be placed. */
const WINDOW = 291;

/** Sightings kept; more than blocks that can stand between a tip and its finality. */
const MAX_SIGHTINGS = 1_024;

/** Watches which state L1 has accepted so deep that no reorganisation takes it back. */
export class L1Finality {
  readonly #outer: string;
  readonly #depth: number;
  readonly #l1: Pick<L1Client, "blocks" | "account">;
  #sightings: Sighting[] = [];
  #final: Sighting | undefined;

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

  /** Looks once. @returns H(S) of the newest final state, undefined while none is known. @throws {L1Error} */
  async look(): Promise<bigint | undefined> {
    const chain = await this.#l1.blocks(Math.max(this.#depth + 1, WINDOW));
    const account = await this.#l1.account(this.#outer);
    const [again] = await this.#l1.blocks(1);
    const tip = chain.at(-1);
    const inChain = new Set(chain.map(({ stateHash }) => stateHash));
    // The newest one that stands, and its ancestors; without one, nobody knows which of them were taken back.
    const newest = this.#sightings.findLastIndex(({ stateHash }) => inChain.has(stateHash));
    this.#sightings = this.#sightings.slice(0, newest + 1);
    // A block between two answers would pair one block with another's state; the next look does better.
    if (tip && again?.stateHash === tip.stateHash && account?.zkapp) this.#note(tip, account.zkapp.appState);
    const final = this.#sightings.findLast(
      ({ height }) => tip !== undefined && height + this.#depth <= tip.height,
    );
    this.#final = final;
    if (final) this.#sightings = this.#sightings.filter(({ height }) => height >= final.height);
    return final?.state;
  }

  #note({ height, stateHash }: L1BlockId, fields: readonly bigint[]): void {
    if (this.#sightings.at(-1)?.stateHash === stateHash) return;
    const [core, , , , cursor, , validators] = fields;
    const state = hash(tags.state, [core!, cursor!]);
    this.#sightings = [...this.#sightings, { height, stateHash, state, validators: validators! }].slice(
      -MAX_SIGHTINGS,
    );
  }
}

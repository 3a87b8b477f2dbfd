import type { L1Block } from "../../l1/index.ts";

type Block = Pick<L1Block, "height" | "stateHash">;

/**
 * How many blocks Mina has put on top of the first one in which we saw something. That block leaves the window of blocks that
 * a node shows; it stands as long as the tip that we saw on top of it last is in the window. In memory: a file could say that
 * we saw what nobody did, and who starts again counts again.
 */
export class Depth {
  #first: Block | undefined;
  /** A tip that had the first block below it. */
  #last: Block | undefined;

  /** @param window Mina's best chain, oldest first, whose tip holds what we look for @returns blocks on top of the first one */
  observe(window: readonly Block[]): number {
    const tip = window.at(-1)!;
    const isThere = (block?: Block) => window.some(({ stateHash }) => stateHash === block?.stateHash);
    if (!isThere(this.#first) && !isThere(this.#last)) this.#first = tip;
    this.#last = tip;
    return tip.height - this.#first!.height;
  }
}

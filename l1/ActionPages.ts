import { L1Error } from "./errors/L1Error.ts";
import type { L1ActionBlock, L1Client } from "./L1Client.ts";

/** How far an account's actions are read. */
export interface ActionMark {
  /** Action state after all of them. */
  readonly actions: bigint;
  /** Lowest block that is not read. */
  readonly height: number;
}

export interface ActionPage {
  /** Hashed from the mark at which it begins. */
  readonly blocks: readonly L1ActionBlock[];
  readonly next: ActionMark;
}

/** Archive nodes search 10,000 blocks at most, unless they are told otherwise. */
const MAX_BLOCKS = 10_000;

/**
 * Reads an account's actions by ranges of blocks: fewer at a time where an answer is too large, more again where it is not.
 * By heights alone: an archive finds action states by when it first met the number, and anybody can make it meet one early.
 *
 * A page that hashes on is not true yet. It is once a later one ends at an action state that a daemon has told.
 */
export class ActionPages {
  readonly #l1: Pick<L1Client, "actions">;
  readonly #account: string;
  #size = MAX_BLOCKS;
  #most = MAX_BLOCKS;

  /** @param account base58 */
  constructor(l1: Pick<L1Client, "actions">, account: string) {
    this.#l1 = l1;
    this.#account = account;
  }

  /**
   * @param below first block that is not wanted
   * @throws {L1Error} `L1_ACTIONS_INCOMPLETE`, `L1_ANSWER_TOO_LARGE` for a single block, and those of `L1Client`
   */
  async read(from: ActionMark, below: number): Promise<ActionPage> {
    for (;;) {
      const fromHeight = Math.max(1, from.height);
      const toHeight = Math.min(below, fromHeight + this.#size);
      try {
        const blocks = await this.#l1.actions(this.#account, { from: from.actions, fromHeight, toHeight });
        this.#size = Math.min(this.#most, 2 * this.#size);
        return { blocks, next: { actions: blocks.at(-1)?.after ?? from.actions, height: toHeight } };
      } catch (error) {
        const isTooLarge = error instanceof L1Error && error.code === "L1_ANSWER_TOO_LARGE";
        if (!isTooLarge || this.#size === 1) throw error;
        this.#size = Math.ceil(this.#size / 2);
      }
    }
  }

  /** Told how it went: asks for more at a time, or for less, should a node be slow with much or leave out a part of it. */
  adapt(went: "well" | "badly"): void {
    this.#most = went === "well" ? Math.min(MAX_BLOCKS, 2 * this.#most) : Math.ceil(this.#most / 2);
    this.#size = Math.min(this.#size, this.#most);
  }
}

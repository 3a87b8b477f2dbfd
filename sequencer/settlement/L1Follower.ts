import {
  cursorHash,
  type PublicKey,
  publicKeyToBase58,
  type State,
  stateCoreHash,
} from "../../protocol/index.ts";
import type { L1Place } from "../batches/BatchRecord.ts";
import { SequencerError } from "../errors/SequencerError.ts";
import type { L1Block, L1Port } from "../ports/L1Port.ts";
import type { L1Record, SequencerStore } from "../store/SequencerStore.ts";

export interface L1FollowerOptions {
  readonly outerKey: PublicKey;
  /** Pays for commits. */
  readonly feePayer: PublicKey;
  /** Blocks below the tip that are looked at: at least as deep as finality. */
  readonly depth: number;
}

export interface L1FollowerModules {
  readonly l1: L1Port;
  readonly store: Pick<SequencerStore, "l1" | "putL1">;
  /** Number of the batch that leads to the state with these two hashes; 0 for genesis; undefined: none of ours. */
  readonly batchOf: (core: bigint, cursor: bigint) => bigint | undefined;
}

/** L1 at one moment: its best chain, and what the outer account holds at the tip. */
export interface L1View {
  readonly head: L1Block;
  /** Number of the batch that the outer account holds. */
  readonly accepted: bigint;
  /** Of the fee payer. */
  readonly nonce: bigint;
  /** Whether a block is in the best chain, or below everything that we look at. */
  holds(place: L1Place): boolean;
}

/**
 * Follows L1's best chain. What was accepted is kept per L1 block: a reorganisation takes it back with the blocks, and the
 * outer account at the new tip says what stands.
 */
export class L1Follower {
  readonly #options: L1FollowerOptions;
  readonly #modules: L1FollowerModules;
  #records: L1Record[] = [];
  #view: L1View | undefined;

  constructor(options: L1FollowerOptions, modules: L1FollowerModules) {
    this.#options = options;
    this.#modules = modules;
  }

  async start(): Promise<void> {
    this.#records = await this.#modules.store.l1();
  }

  /** Undefined before the first look. */
  get view(): L1View | undefined {
    return this.#view;
  }

  /**
   * Looks at L1 once.
   * @returns how many blocks that we had looked at are gone
   * @throws {SequencerError} `SETTLEMENT_OUTER_MISSING`, `SETTLEMENT_FOREIGN_STATE`; whatever the node says
   */
  async look(): Promise<number> {
    const { chain, fields, nonce } = await this.#read();
    const head = chain[0]!;
    const accepted = this.#modules.batchOf(fields[0]!, fields[4]!);
    if (accepted === undefined) throw new SequencerError("SETTLEMENT_FOREIGN_STATE", { state: fields[0]! });
    const hashes = new Map(chain.map(({ height, hash }) => [height, hash]));
    const lowest = chain.at(-1)!.height;
    const holds = ({ height, hash }: L1Place) => height < lowest || hashes.get(height) === hash;
    const gone = this.#records.filter((record) => !holds(record));
    const old = this.#records.filter(({ height }) => height < lowest);
    const tip: L1Record = { height: head.height, hash: head.hash, slot: head.slot, batch: accepted };
    await this.#modules.store.putL1([...gone, ...old], tip);
    this.#records = [
      ...this.#records.filter(
        (record) => holds(record) && record.height >= lowest && record.height !== tip.height,
      ),
      tip,
    ];
    this.#view = { head, accepted, nonce, holds };
    return gone.length;
  }

  /** Chain and accounts of one and the same tip. */
  async #read(): Promise<{ chain: readonly L1Block[]; fields: readonly bigint[]; nonce: bigint }> {
    const { l1 } = this.#modules;
    const { outerKey, feePayer, depth } = this.#options;
    for (let attempt = 0; ; attempt++) {
      const chain = await l1.chain(depth + 1);
      const outer = await l1.account(outerKey);
      const payer = await l1.account(feePayer);
      const [tip] = await l1.chain(1);
      // A block between two answers would pair one block's name with another's state. A chain this fast is none of Mina's.
      if (tip!.hash !== chain[0]!.hash && attempt < 5) continue;
      if (!outer?.appState)
        throw new SequencerError("SETTLEMENT_OUTER_MISSING", { key: publicKeyToBase58(outerKey) });
      return { chain, fields: outer.appState, nonce: payer?.nonce ?? 0n };
    }
  }
}

/** Name of a state as the outer account's fields 0 and 4 give it. */
export function stateName(state: State): string {
  return `${stateCoreHash(state)}/${cursorHash(state)}`;
}

import type { L1Block, L1Client } from "../../l1/index.ts";
import { type PublicKey, publicKeyToBase58 } from "../../protocol/index.ts";
import type { L1Place } from "../batches/BatchRecord.ts";
import { SequencerError } from "../errors/SequencerError.ts";
import type { L1Record, SequencerStore } from "../store/SequencerStore.ts";

export interface L1FollowerOptions {
  readonly outerKey: PublicKey;
  /** Pays for commits. */
  readonly feePayer: PublicKey;
  /** Blocks below the tip that are looked at: at least as deep as finality. */
  readonly depth: number;
}

export interface L1FollowerModules {
  readonly l1: Pick<L1Client, "blocks" | "account">;
  readonly store: Pick<SequencerStore, "l1" | "putL1">;
  /** Number of the batch that leads to the state with these two hashes; 0 for genesis; undefined: none of ours. */
  readonly batchOf: (core: bigint, cursor: bigint) => bigint | undefined;
}

/** L1 at one moment: its best chain, and what the outer account holds at the tip. */
export interface L1View {
  readonly head: L1Place;
  /** Number of the batch that the outer account holds. */
  readonly accepted: bigint;
  /** Its field 6, a hash. */
  readonly validators: bigint;
  /** Of the fee payer. */
  readonly nonce: bigint;
  /** Whether a block is in the best chain, or below everything that we look at. */
  holds(place: L1Place): boolean;
}

/** The outer account and the chain that it stands in, of one and the same tip. */
export interface L1Reading {
  readonly chain: readonly L1Block[];
  /** The eight fields. */
  readonly fields: readonly bigint[];
  readonly nonce: bigint;
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
   * @throws {SequencerError} `SETTLEMENT_OUTER_MISSING`, `SETTLEMENT_FOREIGN_STATE`; {L1Error}
   */
  async look(): Promise<number> {
    const { chain, fields, nonce } = await readL1(this.#modules.l1, this.#options);
    const accepted = this.#modules.batchOf(fields[0]!, fields[4]!);
    if (accepted === undefined) throw new SequencerError("SETTLEMENT_FOREIGN_STATE", { state: fields[0]! });
    const hashes = new Map(chain.map(({ height, stateHash }) => [BigInt(height), stateHash]));
    const lowest = BigInt(chain[0]!.height);
    const holds = ({ height, hash }: L1Place) => height < lowest || hashes.get(height) === hash;
    const head = placeOf(chain.at(-1)!);
    const gone = this.#records.filter((record) => !holds(record));
    const stays = (record: L1Record) =>
      holds(record) && record.height >= lowest && record.height !== head.height;
    const forgotten = this.#records.filter((record) => !stays(record) && record.height !== head.height);
    const tip: L1Record = { ...head, batch: accepted };
    await this.#modules.store.putL1(forgotten, tip);
    this.#records = [...this.#records.filter(stays), tip];
    this.#view = { head, accepted, validators: fields[6]!, nonce, holds };
    return gone.length;
  }
}

/**
 * Reads chain and accounts of one tip.
 * @throws {SequencerError} `SETTLEMENT_OUTER_MISSING`; {L1Error}
 */
export async function readL1(
  l1: Pick<L1Client, "blocks" | "account">,
  { outerKey, feePayer, depth }: L1FollowerOptions,
): Promise<L1Reading> {
  const key = publicKeyToBase58(outerKey);
  for (let attempt = 0; ; attempt++) {
    const chain = await l1.blocks(depth + 1);
    const outer = await l1.account(key);
    const payer = await l1.account(publicKeyToBase58(feePayer));
    const [tip] = await l1.blocks(1);
    // A block between two answers would pair one block's name with another's state. No chain is always this fast.
    if (tip!.stateHash !== chain.at(-1)!.stateHash && attempt < 5) continue;
    if (!outer?.zkapp) throw new SequencerError("SETTLEMENT_OUTER_MISSING", { key });
    return { chain, fields: outer.zkapp.appState, nonce: BigInt(payer?.nonce ?? 0) };
  }
}

export function placeOf({ height, stateHash, slot }: L1Block): L1Place {
  return { height: BigInt(height), hash: stateHash, slot: BigInt(slot) };
}

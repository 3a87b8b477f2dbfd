import { decodeRecord, encodeRecord, type RecordStore, type RecordWrite } from "../../gossip/index.ts";
import type { ActionMark, L1BlockId } from "../../l1/index.ts";

/** The account's action state as it was while a block was L1's tip. */
export type GasSighting = L1BlockId & { readonly actions: bigint };

/** How far the locks are counted. */
export interface GasStanding {
  /** Action state up to which locks are certified; null before the first. */
  readonly final: bigint | null;
  /** Height of the block at whose tip it was seen. */
  readonly height: number;
  /** Nanomina in all those locks. */
  readonly sum: bigint;
  /** What waits for depth, oldest first. */
  readonly sightings: readonly GasSighting[];
  /** Final states that are to be counted up to, nearest first: the last one seen, before it those that its hashes prove. */
  readonly ahead: readonly ActionMark[];
  /** Where pages ended on the way to the first of these, oldest first: the archive's word until the way has led there. */
  readonly walked: readonly GasMark[];
}

/** A mark, and the nanomina in all locks up to it. */
export type GasMark = ActionMark & { readonly sum: bigint };

const STANDING = "gas/standing";
const totalKey = (recipient: bigint) => `gas/total/${recipient.toString(16).padStart(40, "0")}`;
const NOTHING: GasStanding = { final: null, height: 0, sum: 0n, sightings: [], ahead: [], walked: [] };

/** What a signer knows of locked MINA. Each write is one, and on disk when it resolves. */
export class GasStore {
  readonly #records: RecordStore;

  constructor(records: RecordStore) {
    this.#records = records;
  }

  async standing(): Promise<GasStanding> {
    const bytes = await this.#records.get(STANDING);
    // Those of before knew no ways.
    return bytes ? { ...NOTHING, ...decodeRecord<GasStanding>(bytes) } : NOTHING;
  }

  /** Nanomina locked for a recipient, k deep; 0 for one that nobody locked for. */
  async total(recipient: bigint): Promise<bigint> {
    const bytes = await this.#records.get(totalKey(recipient));
    return bytes ? decodeRecord<bigint>(bytes) : 0n;
  }

  /** The standing, together with the totals that it changes. */
  async save(standing: GasStanding, totals: ReadonlyMap<bigint, bigint> = new Map()): Promise<void> {
    const writes: RecordWrite[] = [[STANDING, encodeRecord(standing)]];
    for (const [recipient, total] of totals) writes.push([totalKey(recipient), encodeRecord(total)]);
    await this.#records.write(writes);
  }
}

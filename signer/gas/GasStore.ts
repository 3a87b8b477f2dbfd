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

/** Totals of one recipient that are remembered: validators that have counted so many locks less or more still find one in common. */
export const MAX_TOTALS = 64;

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
    return (await this.totals(recipient)).at(-1) ?? 0n;
  }

  /** What its total was after each of its last locks, rising; {@link MAX_TOTALS} at most. */
  async totals(recipient: bigint): Promise<readonly bigint[]> {
    const bytes = await this.#records.get(totalKey(recipient));
    if (!bytes) return [];
    const found = decodeRecord<bigint | readonly bigint[]>(bytes);
    return typeof found === "bigint" ? [found] : found; // those of before knew the last one only
  }

  /** The standing, together with the totals that came: by recipient, after each of its locks. */
  async save(
    standing: GasStanding,
    totals: ReadonlyMap<bigint, readonly bigint[]> = new Map(),
  ): Promise<void> {
    const writes: RecordWrite[] = [[STANDING, encodeRecord(standing)]];
    for (const [recipient, fresh] of totals) {
      const last = [...(await this.totals(recipient)), ...fresh].slice(-MAX_TOTALS);
      writes.push([totalKey(recipient), encodeRecord(last)]);
    }
    await this.#records.write(writes);
  }
}

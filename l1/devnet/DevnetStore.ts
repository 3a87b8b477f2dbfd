import { Level } from "level";
import type { DevnetBlock, DevnetGenesis } from "./DevnetBlock.ts";

/** What is kept besides blocks. */
export interface DevnetMeta {
  readonly genesis: DevnetGenesis;
  /** Slots by which the clock was moved on by hand. */
  readonly slotOffset: number;
  /** The last slot that any block had, dropped ones too: none is used twice. */
  readonly highestSlot: number;
}

const META = "meta";
const BLOCK_PREFIX = "block/";

/** The chain on disk. A block is there, synced, before anybody hears of it. */
export class DevnetStore {
  readonly #db: Level<string, unknown>;

  private constructor(db: Level<string, unknown>) {
    this.#db = db;
  }

  static async open(path: string): Promise<DevnetStore> {
    const db = new Level<string, unknown>(path, { valueEncoding: "json" });
    await db.open();
    return new DevnetStore(db);
  }

  async meta(): Promise<DevnetMeta | undefined> {
    const stored = (await this.#db.get(META)) as StoredMeta | undefined;
    if (!stored) return undefined;
    const accounts = stored.genesis.accounts.map(({ publicKey, balance }) => ({
      publicKey,
      balance: BigInt(balance),
    }));
    return { ...stored, genesis: { ...stored.genesis, accounts } };
  }

  putMeta(meta: DevnetMeta): Promise<void> {
    return this.#db.put(META, storedMeta(meta), { sync: true } as object);
  }

  /** Above genesis, lowest first. */
  async blocks(): Promise<DevnetBlock[]> {
    const blocks: DevnetBlock[] = [];
    for await (const block of this.#db.values({ gte: BLOCK_PREFIX, lt: `${BLOCK_PREFIX}~` })) {
      blocks.push(block as DevnetBlock);
    }
    return blocks;
  }

  /** Adds a block together with the slot that it used up. */
  async putBlock(block: DevnetBlock, meta: DevnetMeta): Promise<void> {
    const batch = this.#db.batch().put(blockKey(block.height), block).put(META, storedMeta(meta));
    await batch.write({ sync: true } as object);
  }

  async dropBlocks(heights: readonly number[]): Promise<void> {
    const batch = this.#db.batch();
    for (const height of heights) batch.del(blockKey(height));
    await batch.write({ sync: true } as object);
  }

  close(): Promise<void> {
    return this.#db.close();
  }
}

type StoredMeta = ReturnType<typeof storedMeta>;

function storedMeta(meta: DevnetMeta) {
  const accounts = meta.genesis.accounts.map(({ publicKey, balance }) => ({
    publicKey,
    balance: balance.toString(),
  }));
  return { ...meta, genesis: { ...meta.genesis, accounts } };
}

/** Fixed width, so that the order of keys is the order of blocks. */
function blockKey(height: number): string {
  return BLOCK_PREFIX + String(height).padStart(10, "0");
}

import { DevnetError } from "../errors/DevnetError.ts";
import { DEFAULT_TOKEN } from "../graphql/base58Hashes.ts";
import type { GraphqlCommand } from "../graphql/MinaGraphqlBackend.ts";
import { Archive, accountsWithActions } from "./Archive.ts";
import { type DevnetBlock, type DevnetGenesis, genesisBlock, sealBlock } from "./DevnetBlock.ts";
import type { DevnetStore } from "./DevnetStore.ts";
import { Mempool, type PooledCommand } from "./Mempool.ts";
import { type LedgerAccount, OcamlLedger } from "./OcamlLedger.ts";
import type { SlotClock } from "./SlotClock.ts";

/** Commands in one block: some 24 on Mina. */
export const BLOCK_COMMANDS = 24;
/** Mina's empty action state (hash of "MinaZkappActionStateEmptyElt"). */
export const EMPTY_ACTION_STATE =
  "25079927036070901246064867767436987657692091363973573142121686150614948079097";

export interface DevnetChainModules {
  readonly store: DevnetStore;
  readonly slots: SlotClock;
  readonly genesis: DevnetGenesis;
}

type States = Map<string, { before: string; after: string }>;

/**
 * The best chain of a network of one: blocks, their ledger, archive and pool.
 *
 * Not safe for overlapping calls of its asynchronous methods; `Devnet` lets one in at a time.
 */
export class DevnetChain {
  readonly #modules: DevnetChainModules;
  readonly totalCurrency: bigint;
  #blocks: DevnetBlock[];
  #inclusions = new Map<string, GraphqlCommand>();
  #ledger: OcamlLedger;
  #archive = new Archive();
  #highestSlot: number;
  readonly pool = new Mempool();

  private constructor(modules: DevnetChainModules, ledger: OcamlLedger, highestSlot: number) {
    this.#modules = modules;
    this.#ledger = ledger;
    this.#highestSlot = highestSlot;
    this.#blocks = [genesisBlock(modules.genesis)];
    this.totalCurrency = modules.genesis.accounts.reduce((sum, { balance }) => sum + balance, 0n);
  }

  /**
   * Replays what the store holds: the ledger has no form on disk. About 40 ms a command.
   * @throws {DevnetError} `DEVNET_STORE_DIVERGED`
   */
  static async open(modules: DevnetChainModules, highestSlot: number): Promise<DevnetChain> {
    const chain = new DevnetChain(modules, await OcamlLedger.create(modules.genesis.accounts), highestSlot);
    chain.#replay(await modules.store.blocks());
    return chain;
  }

  get tip(): DevnetBlock {
    return this.#blocks.at(-1)!;
  }
  get blocks(): readonly DevnetBlock[] {
    return this.#blocks;
  }
  get archive(): Archive {
    return this.#archive;
  }

  account(publicKey: string, tokenId: string): LedgerAccount | null {
    return this.#ledger.account(publicKey, tokenId);
  }
  isIncluded(hash: string): boolean {
    return this.#inclusions.has(hash);
  }

  /** Whether a block may be made now: each slot, and each earlier one, is used at most once, whatever happened since. */
  canClose(): boolean {
    return this.#modules.slots.current() > this.#highestSlot;
  }

  /**
   * Makes the block of the current slot from the pool. Stored before it becomes visible.
   * @returns the block and what left the pool without being in it
   */
  async close(): Promise<{ readonly block: DevnetBlock; readonly dropped: readonly PooledCommand[] }> {
    const { slots, store, genesis } = this.#modules;
    const slot = slots.current();
    const height = this.tip.height + 1;
    const states: States = new Map();
    const commands: GraphqlCommand[] = [];
    const dropped: PooledCommand[] = [];
    for (let next = this.pool.best(); next && commands.length < BLOCK_COMMANDS; next = this.pool.best()) {
      const outcome = this.#apply(next, { slot, height }, states);
      if (outcome) {
        commands.push(outcome);
        this.pool.shift(next);
      } else {
        dropped.push(...this.pool.dropRow(next));
      }
    }
    const previousStateHash = this.tip.stateHash;
    const block = sealBlock({ height, slot, timestampMs: slots.now(), previousStateHash, commands });
    await store.putBlock(block, { genesis, slotOffset: slots.offset, highestSlot: slot });
    this.#highestSlot = slot;
    this.#append(block, states);
    return { block, dropped };
  }

  /** Keeps on disk that the clock was moved on by hand. */
  saveClock(): Promise<void> {
    const { store, genesis, slots } = this.#modules;
    return store.putMeta({ genesis, slotOffset: slots.offset, highestSlot: this.#highestSlot });
  }

  /**
   * Drops the last blocks, with the commands in them: who wants one back sends it again. Their slots stay used.
   * @throws {DevnetError} `DEVNET_REORG_TOO_DEEP`
   */
  async dropBlocks(depth: number): Promise<void> {
    const above = this.#blocks.length - 1;
    if (depth > above) throw new DevnetError("DEVNET_REORG_TOO_DEEP", { depth, blocks: above });
    const { store, genesis } = this.#modules;
    const kept = this.#blocks.slice(1, this.#blocks.length - depth);
    const gone = this.#blocks.slice(this.#blocks.length - depth).map(({ height }) => height);
    const ledger = await OcamlLedger.create(genesis.accounts);
    await store.dropBlocks(gone);
    this.#ledger = ledger;
    this.#blocks = [genesisBlock(genesis)];
    this.#inclusions = new Map();
    this.#archive = new Archive();
    this.#replay(kept);
    this.pool.keepFitting((publicKey) => Number(this.account(publicKey, DEFAULT_TOKEN)?.nonce ?? -1));
  }

  /** @returns the command as it stands in the block; undefined when its fee payer cannot pay. */
  #apply(
    pooled: PooledCommand,
    place: { readonly slot: number; readonly height: number },
    states: States,
  ): GraphqlCommand | undefined {
    const acting = accountsWithActions(pooled.command);
    const before = new Map([...acting].map((key) => [key, this.#actionState(key)]));
    const outcome = this.#ledger.apply(pooled.command, { ...place, totalCurrency: this.totalCurrency });
    if (outcome.kind === "refused") return undefined;
    for (const [key, state] of before) {
      states.set(key, { before: states.get(key)?.before ?? state, after: this.#actionState(key) });
    }
    return { ...pooled, failures: outcome.kind === "failed" ? outcome.failures : null };
  }

  #actionState(key: string): string {
    const [publicKey, tokenId] = key.split(";") as [string, string];
    return this.account(publicKey, tokenId)?.zkapp?.actionState[0] ?? EMPTY_ACTION_STATE;
  }

  #append(block: DevnetBlock, states: States): void {
    this.#blocks.push(block);
    for (const command of block.commands) this.#inclusions.set(command.hash, command);
    this.#archive.add(block, states);
  }

  #replay(blocks: readonly DevnetBlock[]): void {
    for (const block of blocks) {
      const states: States = new Map();
      const linked = block.previousStateHash === this.tip.stateHash && block.height === this.tip.height + 1;
      const same = block.commands.every((stored) => {
        const again = this.#apply({ hash: stored.hash, command: stored.command }, block, states);
        return again && JSON.stringify(again.failures) === JSON.stringify(stored.failures);
      });
      if (!linked || !same) throw new DevnetError("DEVNET_STORE_DIVERGED", { height: block.height });
      this.#append(block, states);
    }
  }
}

import {
  type ActionBlock,
  commandHash,
  DEFAULT_TOKEN,
  type EventBlock,
  type GraphqlAccount,
  type GraphqlBlock,
  type GraphqlCommand,
  type MinaCommandJson,
  type MinaGraphqlBackend,
  type NetworkInfo,
  stateHashToBase58,
  type TransactionStatus,
} from "../../l1/index.ts";
import {
  commandFromJson,
  commandToJson,
  MAX_SUPPLY,
  publicKeyFromBase58,
  samePublicKey,
  type ZkappCommand,
} from "../../protocol/index.ts";
import type { BlockRecord, Transaction } from "../chain/BlockRecord.ts";
import { genesisBlock } from "../chain/blockHash.ts";
import type { Chain } from "../chain/Chain.ts";
import type { SequencerMetrics } from "../SequencerMetrics.ts";
import type { SequencerStore } from "../store/SequencerStore.ts";
import { accountToGraphql } from "./accountToGraphql.ts";

export interface SequencerBackendOptions {
  readonly network: NetworkInfo;
  /** `domainHash` of this deployment. */
  readonly domain: bigint;
}

export interface SequencerBackendModules {
  readonly chain: Chain;
  readonly store: Pick<SequencerStore, "blocks">;
  readonly metrics: Pick<SequencerMetrics, "transactions">;
  readonly slot: () => bigint;
}

/** L2 as a Mina node would show it, so that stock o1js and wallets need nothing new. */
export class SequencerBackend implements MinaGraphqlBackend {
  readonly #options: SequencerBackendOptions;
  readonly #modules: SequencerBackendModules;
  /** The newest blocks at one tip: one request may ask for them many times over. */
  #newest:
    | { readonly tip: bigint; readonly maxLength: number; readonly blocks: Promise<GraphqlBlock[]> }
    | undefined;

  constructor(options: SequencerBackendOptions, modules: SequencerBackendModules) {
    this.#options = options;
    this.#modules = modules;
  }

  network(): NetworkInfo {
    return this.#options.network;
  }
  currentSlot(): number {
    return Number(this.#modules.slot());
  }

  async account(publicKey: string, tokenId: string): Promise<GraphqlAccount | null> {
    if (tokenId !== DEFAULT_TOKEN) return null;
    const account = this.#modules.chain.account(publicKeyFromBase58(publicKey));
    return account && accountToGraphql(account);
  }

  async bestChain(maxLength: number): Promise<readonly GraphqlBlock[]> {
    const tip = this.#modules.chain.tip.hash;
    if (this.#newest?.tip !== tip || this.#newest.maxLength < maxLength) {
      const newest = { tip, maxLength, blocks: this.#readNewest(maxLength) };
      this.#newest = newest;
      newest.blocks.catch(() => {
        if (this.#newest === newest) this.#newest = undefined;
      });
    }
    return (await this.#newest.blocks).slice(0, maxLength);
  }

  async #readNewest(maxLength: number): Promise<GraphqlBlock[]> {
    const { chain, store } = this.#modules;
    const next = chain.tip.height + 1n;
    const first = next - BigInt(maxLength);
    const blocks = await store.blocks(first < 1n ? 1n : first, next);
    const shown = first < 1n ? [genesisBlock(this.#options.domain), ...blocks] : blocks;
    return shown.toReversed().map(blockToGraphql);
  }

  async transactionStatus(hash: string): Promise<TransactionStatus> {
    const { chain } = this.#modules;
    if (chain.pending.some((transaction) => transaction.hash === hash)) return "PENDING";
    return (await chain.fate(hash))?.kind === "included" ? "INCLUDED" : "UNKNOWN";
  }

  /** @throws {CommandError}, {MempoolError}, {ExecutionError}: each refusal with its code, and nothing has changed */
  async sendZkapp(json: MinaCommandJson): Promise<GraphqlCommand> {
    const { chain, metrics } = this.#modules;
    try {
      const command = commandFromJson(json);
      // The hash takes 20 ms and more: not for everybody's asking.
      const known = chain.screen(command);
      const transaction = { hash: known ?? (await commandHash(canonicalJson(command))), command };
      await chain.submit(transaction.hash, command);
      metrics.transactions.inc({ outcome: "accepted" });
      return transactionToGraphql(transaction);
    } catch (error) {
      metrics.transactions.inc({ outcome: "refused" });
      throw error;
    }
  }

  async pooledZkappCommands(publicKey: string | undefined): Promise<readonly GraphqlCommand[]> {
    const key = publicKey === undefined ? undefined : publicKeyFromBase58(publicKey);
    return this.#modules.chain.pending
      .filter(({ command }) => !key || samePublicKey(command.feePayer.publicKey, key))
      .map(transactionToGraphql);
  }

  /** This version takes no command with events or actions. */
  async events(): Promise<readonly EventBlock[]> {
    return [];
  }
  async actions(): Promise<readonly ActionBlock[]> {
    return [];
  }
}

const written = new WeakMap<ZkappCommand, MinaCommandJson>();
/** What was accepted, as o1js writes it: the hash is over this. Kept while the command is: many may ask for one that waits. */
export function canonicalJson(command: ZkappCommand): MinaCommandJson {
  let json = written.get(command);
  if (!json) {
    json = commandToJson(command) as unknown as MinaCommandJson;
    written.set(command, json);
  }
  return json;
}

function transactionToGraphql({ hash, command }: Transaction): GraphqlCommand {
  return {
    hash,
    get command() {
      return canonicalJson(command);
    },
    failures: null,
  };
}

function blockToGraphql(block: BlockRecord): GraphqlBlock {
  return {
    stateHash: stateHashToBase58(block.hash),
    previousStateHash: stateHashToBase58(block.parent),
    height: Number(block.height),
    slot: Number(block.slot),
    timestampMs: Number(block.timestampMs),
    totalCurrency: MAX_SUPPLY,
    commands: block.transactions.map(transactionToGraphql),
  };
}

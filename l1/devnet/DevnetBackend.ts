import { L1_CREATION_FEE } from "../../protocol/index.ts";
import type {
  ActionBlock,
  ActionFilter,
  ArchiveBlockInfo,
  ArchiveFilter,
  EventBlock,
  GraphqlAccount,
  GraphqlBlock,
  GraphqlCommand,
  MinaCommandJson,
  MinaGraphqlBackend,
  NetworkInfo,
  TransactionStatus,
} from "../graphql/MinaGraphqlBackend.ts";
import type { ArchivedBlock } from "./Archive.ts";
import type { Devnet } from "./Devnet.ts";
import { chainIdOf, type DevnetBlock } from "./DevnetBlock.ts";
import { ledgerAccountToGraphql } from "./ledgerAccountToGraphql.ts";

const SLOTS_PER_EPOCH = 7_140;
/** Mina's k. */
const FINALITY_DEPTH = 290;

/** What a Mina daemon and an archive node would say of the devnet's chain. */
export class DevnetBackend implements MinaGraphqlBackend {
  readonly #devnet: Devnet;

  constructor(devnet: Devnet) {
    this.#devnet = devnet;
  }

  network(): NetworkInfo {
    const { slots, genesis } = this.#devnet;
    return {
      networkId: "mina:devnet",
      chainId: chainIdOf(genesis),
      genesisTimestampMs: slots.effectiveGenesisMs,
      slotDurationMs: slots.durationMs,
      slotsPerEpoch: SLOTS_PER_EPOCH,
      finalityDepth: FINALITY_DEPTH,
      accountCreationFee: L1_CREATION_FEE,
      coinbase: 0n,
    };
  }

  currentSlot(): number {
    return this.#devnet.slots.current();
  }

  account(publicKey: string, tokenId: string): Promise<GraphqlAccount | null> {
    return this.#devnet.exclusive(() => {
      const account = this.#devnet.chain.account(publicKey, tokenId);
      return account && ledgerAccountToGraphql(account);
    });
  }

  bestChain(maxLength: number): Promise<readonly GraphqlBlock[]> {
    return this.#devnet.exclusive(() => {
      const { blocks, totalCurrency } = this.#devnet.chain;
      return blocks
        .slice(-maxLength)
        .toReversed()
        .map((block) => ({ ...block, totalCurrency }));
    });
  }

  transactionStatus(hash: string): Promise<TransactionStatus> {
    return this.#devnet.exclusive(() => {
      const { chain } = this.#devnet;
      if (chain.isIncluded(hash)) return "INCLUDED";
      return chain.pool.has(hash) ? "PENDING" : "UNKNOWN";
    });
  }

  async sendZkapp(command: MinaCommandJson): Promise<GraphqlCommand> {
    return { ...(await this.#devnet.submit(command)), failures: null };
  }

  pooledZkappCommands(publicKey: string | undefined): Promise<readonly GraphqlCommand[]> {
    return this.#devnet.exclusive(() =>
      this.#devnet.chain.pool.list(publicKey).map((pooled) => ({ ...pooled, failures: null })),
    );
  }

  events(filter: ArchiveFilter): Promise<readonly EventBlock[]> {
    return this.#devnet.exclusive(() =>
      this.#archived(filter)
        .filter(({ events }) => events.length > 0)
        .map(({ block, events }) => ({ block: this.#blockInfo(block), entries: events })),
    );
  }

  actions(filter: ActionFilter): Promise<readonly ActionBlock[]> {
    return this.#devnet.exclusive(() => {
      const all = this.#archived(filter).filter(({ actions }) => actions.length > 0);
      return between(all, filter).map(({ block, actions, before, after }) => ({
        block: this.#blockInfo(block),
        entries: actions,
        before,
        after,
      }));
    });
  }

  #archived({ address, tokenId, from, to }: ArchiveFilter): readonly ArchivedBlock[] {
    const blocks = this.#devnet.chain.archive.blocksOf(address, tokenId);
    return blocks.filter(
      ({ block: { height } }) => height >= (from ?? 0) && height < (to ?? Number.MAX_SAFE_INTEGER),
    );
  }

  #blockInfo({ height, stateHash, previousStateHash, timestampMs, slot }: DevnetBlock): ArchiveBlockInfo {
    const distanceFromMaxBlockHeight = this.#devnet.chain.tip.height - height;
    return {
      height,
      stateHash,
      parentHash: previousStateHash,
      chainStatus: distanceFromMaxBlockHeight >= FINALITY_DEPTH ? "canonical" : "pending",
      timestampMs,
      slot,
      distanceFromMaxBlockHeight,
    };
  }
}

/**
 * Blocks behind `fromActionState` up to and with `endActionState`; both are states at the ends of blocks. A state that no block
 * has leaves the range empty (`from`) or open (`end`), as in the archive node.
 */
function between(blocks: readonly ArchivedBlock[], filter: ActionFilter): readonly ArchivedBlock[] {
  const { fromActionState: from, endActionState: end } = filter;
  let start = 0;
  if (from !== undefined) {
    const starting = blocks.findIndex(({ before }) => before === from);
    const ending = blocks.findIndex(({ after }) => after === from);
    if (starting < 0 && ending < 0) return [];
    start = starting >= 0 ? starting : ending + 1;
  }
  const last = end === undefined ? -1 : blocks.findIndex(({ after }) => after === end);
  return blocks.slice(start, last < 0 ? undefined : last + 1);
}

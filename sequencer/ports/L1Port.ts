import type { PublicKey } from "../../protocol/index.ts";

/** One L1 block, as its node tells it. */
export interface L1Block {
  readonly height: bigint;
  readonly hash: string;
  readonly parent: string;
  readonly slot: bigint;
}

export interface L1Account {
  readonly nonce: bigint;
  readonly balance: bigint;
  /** Eight fields of a zkApp; null for a plain account. */
  readonly appState: readonly bigint[] | null;
}

/** `failed`: in a block, without effect but for fee and nonce. */
export type L1TransactionStatus = "included" | "failed" | "pending" | "unknown";

/** What the sequencer needs of Mina. */
export interface L1Port {
  /** The last `length` blocks of the best chain, tip first. Never empty. */
  chain(length: number): Promise<readonly L1Block[]>;
  /** @returns undefined when there is no such account at the tip */
  account(key: PublicKey): Promise<L1Account | undefined>;
  /** Hands over a transaction; one that the node knows already is no error. */
  send(command: unknown): Promise<void>;
  status(hash: string): Promise<L1TransactionStatus>;
  /** Depth at which a block is final. */
  readonly finalityDepth: number;
}

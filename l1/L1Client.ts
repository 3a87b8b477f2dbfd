import type { MinaCommandJson, PermissionName } from "./graphql/MinaGraphqlBackend.ts";

/** What does not change while a network lives. */
export interface L1Network {
  /** Such as `mina:devnet`. Part of our domain, and with it of everything that validators sign. */
  readonly networkId: string;
  readonly genesisTimestampMs: number;
  readonly slotDurationMs: number;
  /** Nanomina. */
  readonly accountCreationFee: bigint;
}

/** Names a block: a hash, with its height at hand. */
export interface L1BlockId {
  readonly height: number;
  /** `3N…` */
  readonly stateHash: string;
}

export interface L1Block extends L1BlockId {
  /** Global slot since genesis. */
  readonly slot: number;
  readonly previousStateHash: string;
  readonly commands: readonly L1Inclusion[];
}

export interface L1Inclusion {
  readonly hash: string;
  /** Names of what was not satisfied, fee payer first; null when the command was applied. */
  readonly failures: readonly string[] | null;
}

export interface L1Account {
  readonly publicKey: string;
  readonly tokenId: string;
  /** Nanomina. */
  readonly balance: bigint;
  readonly nonce: number;
  /** The nonce after everything of this account that waits for a block. */
  readonly inferredNonce: number;
  /** Null where it never changed from the default. */
  readonly permissions: Readonly<Record<string, PermissionName>>;
  readonly zkapp: L1Zkapp | null;
}

export interface L1Zkapp {
  /** Eight field elements. */
  readonly appState: readonly bigint[];
  /** The last five action states, newest first. */
  readonly actionState: readonly bigint[];
  readonly verificationKeyHash: bigint | null;
  readonly provedState: boolean;
}

/** What became of a command. `unknown`: never seen, dropped by a reorganisation, or too long ago for the node to know. */
export type L1CommandStatus =
  | { readonly kind: "pending" }
  | {
      readonly kind: "included";
      readonly block: L1BlockId & { readonly slot: number };
      /** Blocks on top of that one: 0 at the tip. */
      readonly depth: number;
    }
  /** In a block, but without effect other than fee and nonce. */
  | {
      readonly kind: "failed";
      readonly block: L1BlockId & { readonly slot: number };
      readonly depth: number;
      readonly failures: readonly string[];
    }
  | { readonly kind: "unknown" };

/** How the best chain moved between two looks. */
export interface ChainChange {
  /** No longer in the best chain, tip first: undo in this order. */
  readonly dropped: readonly L1BlockId[];
  /** New in the best chain, oldest first: do in this order. */
  readonly added: readonly L1Block[];
  /** Whether `added` begins right above a block that was known before. False: blocks in between were not seen; read the state anew. */
  readonly linked: boolean;
}

/** The actions of one account in one block. */
export interface L1ActionBlock extends L1BlockId {
  readonly slot: number;
  readonly before: bigint;
  readonly after: bigint;
  /** In the order of execution. Hashed from `before`, they give `after`: checked. */
  readonly updates: readonly L1ActionUpdate[];
}

export interface L1ActionUpdate {
  readonly transactionHash: string;
  readonly actions: readonly (readonly bigint[])[];
  /** Action state after this update. A state in the middle of a slot is no anchor: see the window in docs/protocol.md. */
  readonly after: bigint;
}

export interface ActionRange {
  /** Actions after this state. The empty state by default. */
  readonly from?: bigint;
  /** Must end here, or the archive is refused as incomplete. Whatever it has, by default. */
  readonly to?: bigint;
  readonly tokenId?: string;
  /** Lowest block to search. Archive nodes search only their latest blocks unless told where to begin. */
  readonly fromHeight?: number;
  /** First block that is not searched. With either, the archive is asked by heights, and not for `from` and `to`. */
  readonly toHeight?: number;
}

/**
 * Mina, as far as we need it: a live network or the local devnet, always over HTTP.
 *
 * Every method may throw `L1Error`; remedy `retry` means that nothing is known, not that something is absent.
 */
export interface L1Client {
  network(): Promise<L1Network>;
  /** Global slot by the node's clock, which may be ahead of the tip's. */
  currentSlot(): Promise<number>;
  head(): Promise<L1Block>;
  /** The last blocks of the best chain, oldest first. */
  blocks(length: number): Promise<readonly L1Block[]>;
  /** @returns null when the account does not exist. */
  account(publicKey: string, tokenId?: string): Promise<L1Account | null>;
  /**
   * Hands a signed command to the node. Sending the same one again is no error.
   * @returns its hash
   * @throws {L1Error} `L1_NONCE_STALE`, `L1_COMMAND_REFUSED`
   */
  send(command: MinaCommandJson): Promise<string>;
  status(hash: string): Promise<L1CommandStatus>;
  /**
   * Follows the best chain until `signal` aborts: one change a look, none when nothing moved.
   * @param known blocks of the best chain as last seen, any order; empty to begin at the tip's window
   */
  watch(known: readonly L1BlockId[], signal: AbortSignal): AsyncGenerator<ChainChange, void, void>;
  /**
   * An account's actions, oldest block first.
   * @throws {L1Error} `L1_ACTIONS_INCOMPLETE` unless they hash from `from` to `to` without a gap
   */
  actions(publicKey: string, range?: ActionRange): Promise<readonly L1ActionBlock[]>;
}

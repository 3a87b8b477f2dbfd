import type { Types } from "o1js";

/** A zkApp command as o1js' `tx.toJSON()`, mina-signer and the daemon's `sendZkapp` write it. */
export type MinaCommandJson = Types.Json.ZkappCommand;

/** Chain constants behind `genesisConstants`, `daemonStatus` and `networkID`. They never change while a server runs. */
export interface NetworkInfo {
  /** What `networkID` answers, such as `mina:devnet`. */
  readonly networkId: string;
  /** Hex digest that tells two deployments apart (`daemonStatus.chainId`). */
  readonly chainId: string;
  readonly genesisTimestampMs: number;
  readonly slotDurationMs: number;
  readonly slotsPerEpoch: number;
  /** Depth at which a block is final (`consensusConfiguration.k`). */
  readonly finalityDepth: number;
  /** Nanomina. */
  readonly accountCreationFee: bigint;
  /** Nanomina; 0 where blocks create nothing. */
  readonly coinbase: bigint;
}

/** Permission as the daemon spells it. */
export type PermissionName = "None" | "Either" | "Proof" | "Signature" | "Impossible";

/** An account in the words of the daemon's schema; numbers are decimal strings, hashes base58 where Mina's are. */
export interface GraphqlAccount {
  readonly publicKey: string;
  readonly token: string;
  readonly nonce: string;
  /** Nanomina. */
  readonly balance: string;
  readonly tokenSymbol: string;
  readonly receiptChainHash: string;
  readonly delegate: string | null;
  readonly votingFor: string;
  /** Null for an untimed account: o1js reads any other value as a timed one. */
  readonly timing: Readonly<
    Record<
      "initialMinimumBalance" | "cliffTime" | "cliffAmount" | "vestingPeriod" | "vestingIncrement",
      string
    >
  > | null;
  readonly permissions: Readonly<Record<PermissionField, PermissionName>> & {
    readonly setVerificationKey: { readonly auth: PermissionName; readonly txnVersion: string };
  };
  /** Null unless the account has zkApp fields; an absent one makes o1js take the account for a plain one. */
  readonly zkapp: GraphqlZkapp | null;
}

export type PermissionField =
  | "editState"
  | "access"
  | "send"
  | "receive"
  | "setDelegate"
  | "setPermissions"
  | "setZkappUri"
  | "editActionState"
  | "setTokenSymbol"
  | "incrementNonce"
  | "setVotingFor"
  | "setTiming";

export interface GraphqlZkapp {
  /** Eight field elements, decimal. */
  readonly appState: readonly string[];
  readonly verificationKey: { readonly data: string; readonly hash: string } | null;
  readonly zkappVersion: string;
  /** The last five action states, newest first, decimal. */
  readonly actionState: readonly string[];
  readonly provedState: boolean;
  readonly zkappUri: string;
}

/** Why a command that is in a block had no effect besides fee and nonce. Index 0 is the fee payer, then the updates in order. */
export interface CommandFailure {
  readonly index: number;
  readonly failures: readonly string[];
}

export interface GraphqlCommand {
  /** `5J…`, as `Mina.Transaction.hash` computes it. */
  readonly hash: string;
  readonly command: MinaCommandJson;
  /** Null when it was applied (or is still pending). */
  readonly failures: readonly CommandFailure[] | null;
}

export interface GraphqlBlock {
  /** `3N…`; see `stateHashToBase58`. */
  readonly stateHash: string;
  readonly previousStateHash: string;
  readonly height: number;
  /** Global slot since genesis. */
  readonly slot: number;
  readonly timestampMs: number;
  /** Nanomina. */
  readonly totalCurrency: bigint;
  readonly commands: readonly GraphqlCommand[];
}

/** `INCLUDED`: in the best chain. `PENDING`: accepted, not in it yet. `UNKNOWN`: never seen, or dropped. */
export type TransactionStatus = "INCLUDED" | "PENDING" | "UNKNOWN";

/** Heights are inclusive below and exclusive above, as the archive node has it. */
export interface ArchiveFilter {
  readonly address: string;
  readonly tokenId: string;
  readonly from: number | undefined;
  readonly to: number | undefined;
}

export interface ActionFilter extends ArchiveFilter {
  /** Decimal field element: answer with what follows this action state. */
  readonly fromActionState: string | undefined;
  /** Decimal field element: answer up to and including it. */
  readonly endActionState: string | undefined;
}

export interface ArchiveBlockInfo {
  readonly height: number;
  readonly stateHash: string;
  readonly parentHash: string;
  readonly chainStatus: "canonical" | "pending";
  readonly timestampMs: number;
  readonly slot: number;
  readonly distanceFromMaxBlockHeight: number;
}

export interface ArchiveEntry {
  readonly accountUpdateId: number;
  /** Field elements, decimal. */
  readonly data: readonly string[];
  readonly transaction: {
    readonly hash: string;
    readonly memo: string;
    readonly authorizationKind: string;
    /** Place of the command in its block. */
    readonly sequenceNumber: number;
    readonly zkappAccountUpdateIds: readonly number[];
  };
}

export interface EventBlock {
  readonly block: ArchiveBlockInfo;
  readonly entries: readonly ArchiveEntry[];
}

export interface ActionBlock extends EventBlock {
  /** Action state after the block's last action of this account. */
  readonly after: string;
  /** The true state before the block: o1js hashes the actions from here and throws unless it arrives at `after`. */
  readonly before: string;
}

/**
 * What a node must answer so that stock o1js (`Mina.Network`), mina-signer clients and wallets can use it.
 * Implemented by the local L1 devnet and by the L2 sequencer.
 *
 * Thrown `ZekoError`s reach the client as `{ message, extensions: { code } }`; anything else is answered as `INTERNAL`
 * without its text. Arguments have passed the schema: keys and token ids are well-formed base58, numbers in range.
 */
export interface MinaGraphqlBackend {
  network(): NetworkInfo;
  /** Global slot by the node's own clock. */
  currentSlot(): number;
  /** @returns null for an account that does not exist (o1js takes this as "new", an error as an outage). */
  account(publicKey: string, tokenId: string): Promise<GraphqlAccount | null>;
  /** The last `maxLength` blocks, tip first. Never empty: the genesis block counts. */
  bestChain(maxLength: number): Promise<readonly GraphqlBlock[]>;
  /** @param hash transaction hash, which is also the id that `sendZkapp` answers with. */
  transactionStatus(hash: string): Promise<TransactionStatus>;
  /** Accepts a command into the pool, or throws a coded error and changes nothing. */
  sendZkapp(command: MinaCommandJson): Promise<GraphqlCommand>;
  /** What waits for a block, in the order in which it would be taken. */
  pooledZkappCommands(publicKey: string | undefined): Promise<readonly GraphqlCommand[]>;
  /** Oldest block first, only blocks of the best chain that hold events of the account. */
  events(filter: ArchiveFilter): Promise<readonly EventBlock[]>;
  /** Oldest block first, only blocks of the best chain that hold actions of the account. */
  actions(filter: ActionFilter): Promise<readonly ActionBlock[]>;
}

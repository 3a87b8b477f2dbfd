import type { PublicKey, Signature, ZkappCommand } from "../../protocol/index.ts";

/** A transaction with the hash by which clients ask for it. */
export interface Transaction {
  /** `5J…`, as o1js computes it. */
  readonly hash: string;
  readonly command: ZkappCommand;
}

/** An L2 block: final for the sequencer's word until its batch is final on L1. */
export interface BlockRecord {
  /** Blocks before it, genesis included: the first block has height 1. */
  readonly height: bigint;
  readonly slot: bigint;
  readonly timestampMs: bigint;
  /** Hash of the block before. */
  readonly parent: bigint;
  /** See `blockHash`. */
  readonly hash: bigint;
  /** The sequencer's over the hash; null for blocks rebuilt from a batch, which carries none. */
  readonly signature: Signature | null;
  readonly transactions: readonly Transaction[];
}

/** Whose blocks these are. */
export interface BlockSigner {
  readonly publicKey: PublicKey;
  sign(hash: bigint): Signature;
}

import type {
  Attestation,
  BatchHeader,
  PublicKey,
  RotationKind,
  Signature,
  ValidatorSet,
} from "../protocol/index.ts";

/** `0x` and hexadecimal digits. */
export type Hex = `0x${string}`;

declare const brand: unique symbol;
/** H(owner, salt): which rollup of the inbox. 32 bytes. */
export type RollupId = Hex & { readonly [brand]?: "RollupId" };
/** Hash over chain, inbox, rollup, header and chunk roots: which batch of the inbox. 32 bytes. */
export type BatchId = Hex & { readonly [brand]?: "BatchId" };

/** Where the contracts live. Part of a deployment's description, the same for every role. */
export interface DaAddresses {
  readonly chainId: bigint;
  readonly inbox: Hex;
  readonly validatorSet: Hex;
}

/** A block of the DA chain. */
export interface DaBlock {
  readonly number: number;
  /** Seconds since 1970. */
  readonly timestamp: number;
}

/** What a rollup says about itself when it is registered. Its owner is the client's own account. */
export interface RollupRegistration {
  /** 32 bytes that the owner chooses: one owner can have many rollups. */
  readonly salt: Hex;
  /** Mina's network as a field element: `tagToField(networkId)`. */
  readonly minaNetwork: bigint;
  readonly outerKey: PublicKey;
  /** Whose signature a header needs. */
  readonly sequencerKey: PublicKey;
  /** Accounts that may open batches, at most 16. */
  readonly posters: readonly Hex[];
}

export interface Rollup {
  readonly id: RollupId;
  readonly owner: Hex;
  readonly minaNetwork: bigint;
  readonly outerKey: PublicKey;
  readonly sequencerKey: PublicKey;
  /** `domainHash` of this rollup in this inbox on this chain, as the contract computed it. */
  readonly domain: bigint;
}

export interface OpenBatch {
  readonly rollup: RollupId;
  readonly header: BatchHeader;
  /** SHA-256 root of every chunk, 32 bytes each, in order. */
  readonly chunkRoots: readonly Uint8Array[];
  /** The sequencer's, over the header message. The contract keeps it, validators check it. */
  readonly signature: Signature;
}

export interface DaBatch {
  readonly id: BatchId;
  readonly rollup: RollupId;
  readonly header: BatchHeader;
  readonly chunkRoots: readonly Uint8Array[];
  /** As the contract computed them. */
  readonly statement: bigint;
  readonly dataRoot: bigint;
  readonly poster: Hex;
  readonly signature: Signature;
  /** One entry per chunk: whether it has been posted. */
  readonly posted: readonly boolean[];
  readonly sealed: boolean;
}

/** Who opened a batch, recovered here from the transaction's own signature, not taken from the node's word. */
export interface DaOpening {
  readonly poster: Hex;
  readonly transaction: Hex;
  readonly block: number;
}

/** The set of one epoch, as the contract keeps it. */
export interface DaValidatorSet extends ValidatorSet {
  /** `validatorSetHash`, as the contract computed it. */
  readonly hash: bigint;
  /** Whether certificates of this epoch are recorded now: it is the current one, or within its grace. */
  readonly inForce: boolean;
  /** Last second at which they are, once a successor is in force; 0 for the current set. */
  readonly graceEnd: bigint;
  /** The rotation's that began this epoch, as Mina took it: last slot, and whether the set before it lost its rights at once. */
  readonly until: bigint;
  readonly kind: RotationKind;
}

/** A quorum's signatures over one batch. */
export interface DaCertificate {
  readonly batch: BatchId;
  readonly epoch: bigint;
  /** By strictly rising slot. */
  readonly attestations: readonly Attestation[];
}

export interface RecordedCertificate extends DaCertificate {
  /** Sum of the signers' weights. */
  readonly weight: bigint;
  readonly block: number;
}

interface DaEventBase {
  readonly rollup: RollupId;
  readonly batch: BatchId;
  readonly block: number;
  readonly logIndex: number;
  readonly transaction: Hex;
}

/** Closed set: handle with `switch`, no `default`. */
export type DaEvent =
  | (DaEventBase & { readonly kind: "BatchOpened"; readonly number: bigint; readonly poster: Hex })
  | (DaEventBase & { readonly kind: "ChunkPosted"; readonly index: number })
  | (DaEventBase & { readonly kind: "BatchSealed" })
  | (DaEventBase & { readonly kind: "BatchDropped" })
  | (DaEventBase & { readonly kind: "CertificateRecorded"; readonly epoch: bigint });

/** Everything that happened in whole blocks `[from, next)`. Keep `next` once the events are dealt with. */
export interface DaEventPage {
  readonly from: number;
  readonly next: number;
  readonly events: readonly DaEvent[];
}

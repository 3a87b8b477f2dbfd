import { keccak_256 } from "@noble/hashes/sha3.js";
import { toBytes32 } from "./field.ts";
import { hash } from "./poseidon.ts";
import type { PublicKey } from "./publicKey.ts";
import { type Signature, signFields, verifyFields } from "./signature.ts";
import { attestationMessage, type Commitment, statementHash } from "./state.ts";
import { tags } from "./tags.ts";

/** What the inbox knows of a batch before its bytes: Solidity's `BatchHeader`. */
export interface BatchHeader {
  /** 64 bits; the batch's number in the target state. */
  readonly number: bigint;
  readonly source: bigint;
  readonly target: bigint;
  /** 32 bits. */
  readonly landBy: bigint;
  /** Posted bytes, 32 bits. */
  readonly dataLength: bigint;
  /** Bytes when decoded, 32 bits. */
  readonly decodedLength: bigint;
  /** 16 bits. */
  readonly scheme: bigint;
}

/** What a header and its data root commit to under `domain`. */
export function commitmentOf(header: BatchHeader, dataRoot: bigint, domain: bigint): Commitment {
  return {
    statement: statementHash({ source: header.source, target: header.target, landBy: header.landBy, domain }),
    dataRoot,
    dataLength: header.dataLength,
    scheme: header.scheme,
  };
}

/** What members of the set sign for this batch. */
export function batchMessage(setHash: bigint, header: BatchHeader, dataRoot: bigint, domain: bigint): bigint {
  return attestationMessage(setHash, commitmentOf(header, dataRoot, domain));
}

/** What the sequencer signs, so that nobody else can make validators work. */
export function headerMessage(header: BatchHeader, dataRoot: bigint, domain: bigint): bigint {
  const { statement, dataLength, scheme } = commitmentOf(header, dataRoot, domain);
  return hash(tags.header, [
    domain,
    statement,
    dataRoot,
    dataLength,
    scheme,
    header.decodedLength,
    header.number,
  ]);
}

export function signHeader(
  privateKey: string,
  header: BatchHeader,
  dataRoot: bigint,
  domain: bigint,
): Signature {
  return signFields(privateKey, [headerMessage(header, dataRoot, domain)]);
}

export function verifyHeader(
  key: PublicKey,
  header: BatchHeader,
  dataRoot: bigint,
  domain: bigint,
  signature: Signature,
): boolean {
  return verifyFields(key, [headerMessage(header, dataRoot, domain)], signature);
}

/** Where a batch stands on the DA chain: everything that makes its id. */
export interface BatchPlace {
  readonly daChainId: bigint;
  readonly inbox: bigint;
  readonly rollupId: bigint;
}

/**
 * Id of a batch in the inbox: keccak256(abi.encode(chain id, inbox, rollup id, header, keccak256(chunk roots))).
 * @param chunkRoots 32 bytes each
 * Twin: contracts/BatchInbox.sol
 */
export function batchId(
  place: BatchPlace,
  header: BatchHeader,
  chunkRoots: readonly Uint8Array[],
): Uint8Array {
  const words = [
    place.daChainId,
    place.inbox,
    place.rollupId,
    header.number,
    header.source,
    header.target,
    header.landBy,
    header.dataLength,
    header.decodedLength,
    header.scheme,
  ].map(toBytes32);
  return keccak_256(Buffer.concat([...words, keccak_256(Buffer.concat(chunkRoots))]));
}

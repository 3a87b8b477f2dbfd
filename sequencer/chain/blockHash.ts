import { createHash } from "node:crypto";
import { ByteWriter, hash, splitDigest, tags, writeCommand } from "../../protocol/index.ts";
import type { BlockRecord } from "./BlockRecord.ts";

type Hashed = Pick<BlockRecord, "height" | "slot" | "timestampMs" | "parent" | "transactions">;

/**
 * H("ZekoBlock/1", [domain, height, parent, slot, timestamp, digest high, digest low]), where the digest is SHA-256 over the
 * commands as a payload encodes them. Anybody with the batch can compute it again.
 */
export function blockHash(domain: bigint, block: Hashed): bigint {
  const out = new ByteWriter();
  for (const { command } of block.transactions) writeCommand(out, command);
  const digest = splitDigest(createHash("sha256").update(out.finish()).digest());
  return hash(tags.block, [domain, block.height, block.parent, block.slot, block.timestampMs, ...digest]);
}

/** Parent of the first block: a block of nothing at height 0. */
export function genesisBlock(domain: bigint): BlockRecord {
  const block = { height: 0n, slot: 0n, timestampMs: 0n, parent: 0n, transactions: [] };
  return { ...block, hash: blockHash(domain, block), signature: null };
}

import { createHash } from "node:crypto";
import { FIELD_MODULUS } from "../../protocol/index.ts";
import { stateHashToBase58 } from "../graphql/base58Hashes.ts";
import type { GraphqlCommand } from "../graphql/MinaGraphqlBackend.ts";
import type { GenesisAccount } from "./OcamlLedger.ts";

/** One block; what is stored on disk, as JSON. */
export interface DevnetBlock {
  readonly height: number;
  readonly slot: number;
  readonly timestampMs: number;
  readonly previousStateHash: string;
  readonly stateHash: string;
  /** Failed ones too: they took fee and nonce. */
  readonly commands: readonly GraphqlCommand[];
}

/** What a chain begins with. Hashed into its genesis block, so that two devnets never share a state hash. */
export interface DevnetGenesis {
  readonly timestampMs: number;
  readonly slotDurationMs: number;
  readonly accounts: readonly GenesisAccount[];
}

/** 32-byte digest of a chain's genesis, hex. */
export function chainIdOf({ timestampMs, slotDurationMs, accounts }: DevnetGenesis): string {
  const list = accounts.map(({ publicKey, balance }) => [publicKey, balance.toString()]);
  return digest(["zeko-devnet", timestampMs, slotDurationMs, list]).toString("hex");
}

/** Height 1, as on Mina. */
export function genesisBlock(genesis: DevnetGenesis): DevnetBlock {
  return sealBlock({
    height: 1,
    slot: 0,
    timestampMs: genesis.timestampMs,
    previousStateHash: toStateHash(Buffer.from(chainIdOf(genesis), "hex")),
    commands: [],
  });
}

/** Gives a block its state hash: over its place, its parent and what happened in it. */
export function sealBlock(block: Omit<DevnetBlock, "stateHash">): DevnetBlock {
  const commands = block.commands.map(({ hash, failures }) => [hash, failures]);
  const body = [block.height, block.slot, block.timestampMs, block.previousStateHash, commands];
  return { ...block, stateHash: toStateHash(digest(body)) };
}

function digest(value: unknown): Buffer {
  return createHash("sha256").update(JSON.stringify(value)).digest();
}

function toStateHash(bytes: Buffer): string {
  return stateHashToBase58(BigInt(`0x${bytes.toString("hex")}`) % FIELD_MODULUS);
}

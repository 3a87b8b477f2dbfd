import type { HardhatEthers, HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { BaseContract, Contract, ContractTransactionResponse, Signer } from "ethers";
import {
  type BatchHeader,
  batchId,
  batchMessage,
  chunkRoot,
  chunksOf,
  dataRoot,
  domainHash,
  rollupId,
  tagToField,
  toBytes32,
  validatorSetHash,
} from "../../../protocol/index.ts";
import { sampleBytes } from "../../../scripts/vectors/samples.ts";
import { type FixedKey, fixedKey, fixedKeys } from "./minaKeys.ts";
import { contractNetwork, deploy, deployBehindProxy } from "./network.ts";

export const SALT = `0x${"5a".repeat(32)}`;
export const SEQUENCER = fixedKey(31_337n);
export const OUTER = fixedKey(4_242n);
export const MINA_NETWORK = tagToField("devnet");
const hex = (bytes: Uint8Array) => `0x${Buffer.from(bytes).toString("hex")}`;

/** An inbox with a set of four, and one rollup with one poster. */
export interface InboxFixture {
  readonly ethers: HardhatEthers;
  readonly inbox: Contract;
  readonly set: Contract;
  readonly fees: Contract;
  readonly gate: Contract;
  readonly keys: readonly FixedKey[];
  readonly owner: HardhatEthersSigner;
  readonly poster: HardhatEthersSigner;
  readonly stranger: HardhatEthersSigner;
  readonly rollup: string;
  readonly domain: bigint;
}

/** @param price of a decoded byte; by default posting is free */
export async function inboxFixture(price = 0n): Promise<InboxFixture> {
  const { ethers } = await contractNetwork();
  const [owner, poster, stranger] = (await ethers.getSigners()) as [
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
  ];
  const keys = fixedKeys(4);
  const members = keys.map(({ x, y }) => ({ x, y, weight: 1n }));
  const set = await deployBehindProxy(
    ethers,
    "RotatingValidatorSet",
    owner.address,
    owner.address,
    members,
    3n,
    0n,
    1n,
    1_000n,
  );
  const { inbox, fees, gate } = await deployInbox(ethers, owner.address, await set.getAddress(), price);
  await inbox.registerRollup!(SALT, MINA_NETWORK, OUTER.publicKey, SEQUENCER.publicKey, [poster.address]);
  const id = rollupId(BigInt(owner.address), BigInt(SALT));
  const domain = await domainIn(inbox, id);
  const people = { owner, poster, stranger };
  return { ethers, inbox, set, fees, gate, keys, ...people, rollup: hex(toBytes32(id)), domain };
}

/** Seconds in which validators can join a certificate of the fixture. */
export const LATE_WINDOW = 3_600n;

/** An inbox with the fee contract that it makes, and the gate that came with its code. */
export async function deployInbox(ethers: HardhatEthers, owner: string, set: string, price: bigint) {
  const code = await (await deploy(ethers, "DaFees")).getAddress();
  const costs = { price, lateWindow: LATE_WINDOW };
  const inbox = await deployBehindProxy(ethers, "BatchInbox", owner, owner, set, code, costs);
  const at = async (name: string, address: string) =>
    (await ethers.getContractAt(name, address)) as BaseContract as Contract;
  const fees = await at("DaFees", await inbox.fees!());
  return { inbox, fees, gate: await at("ChunkGate", await inbox.chunkGate!()) };
}

export async function domainIn(inbox: Contract, id: bigint): Promise<bigint> {
  const address = BigInt(await inbox.getAddress());
  return domainHash({
    minaNetwork: MINA_NETWORK,
    outerKey: OUTER.publicKey,
    daChainId: 31_337n,
    inbox: address,
    rollupId: id,
  });
}

/** A batch of pseudo-random bytes and everything that the protocol says of it. */
export interface SampleBatch {
  readonly header: BatchHeader;
  readonly data: Uint8Array;
  readonly chunks: readonly Uint8Array[];
  readonly chunkRoots: readonly string[];
  readonly dataRoot: bigint;
  readonly id: string;
  /** What the set of epoch 0 signs. */
  readonly message: bigint;
}

export async function sampleBatch(
  { inbox, rollup, domain, keys }: InboxFixture,
  length: number,
  changes: Partial<BatchHeader> = {},
): Promise<SampleBatch> {
  const data = sampleBytes("inbox", length);
  const chunks = chunksOf(data);
  const header: BatchHeader = {
    number: 7n,
    source: 111n,
    target: 222n,
    landBy: 4_000n,
    dataLength: BigInt(length),
    decodedLength: 3n * BigInt(length),
    scheme: 1n,
    ...changes,
  };
  const roots = chunks.map(chunkRoot);
  const place = { daChainId: 31_337n, inbox: BigInt(await inbox.getAddress()), rollupId: BigInt(rollup) };
  const members = keys.map(({ publicKey }) => ({ publicKey, weight: 1n }));
  const setHash = validatorSetHash({ epoch: 0n, threshold: 3n, members });
  const root = dataRoot(data);
  return {
    header,
    data,
    chunks,
    chunkRoots: roots.map(hex),
    dataRoot: root,
    id: hex(batchId(place, header, roots)),
    message: batchMessage(setHash, header, root, domain),
  };
}

/** The poster announces the batch. */
export async function open({ inbox, poster, rollup }: InboxFixture, batch: SampleBatch): Promise<void> {
  await (inbox.connect(poster) as Contract).openBatch!(rollup, batch.header, batch.chunkRoots, 1n, 2n);
}

/** Anybody posts a chunk. */
export async function postChunk(
  { gate, inbox }: Pick<InboxFixture, "gate" | "inbox">,
  id: string,
  index: number,
  chunk: Uint8Array,
  by?: Signer,
): Promise<ContractTransactionResponse> {
  const caller = by ? (gate.connect(by) as Contract) : gate;
  return await caller.postChunk!(await inbox.getAddress(), id, index, chunk);
}

/** The poster announces the batch and posts every chunk. */
export async function seal(fixture: InboxFixture, batch: SampleBatch): Promise<void> {
  await open(fixture, batch);
  for (const [index, chunk] of batch.chunks.entries()) await postChunk(fixture, batch.id, index, chunk);
}

import { globSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { HDNodeWallet } from "ethers";
import { type BatchId, calldataGas, connectDaClient, type DaClient, type Hex } from "../../../da/index.ts";
import { CHUNK_BYTES, MAX_CHUNKS } from "../../../protocol/index.ts";
import type { Figure } from "../../../scripts/bench/Figure.ts";
import { sampleBytes } from "../../../scripts/vectors/samples.ts";
import { type EvmKey, evmKeyFromHex, Secret } from "../../../service/index.ts";
import { clock, deployment, registration, sampleBatch } from "../../da/support/deployment.ts";
import { ask } from "../../da/support/hardhatNode.ts";
import { sendRaw } from "../../da/support/rawSender.ts";
import type { ZekodNetwork } from "../../zekod/support/zekodNetwork.ts";

/** Chunks that each sender posts: the largest batch that there is. */
const CHUNKS = MAX_CHUNKS;
const SENDERS = 4;
/** Covers the floor price of a chunk of calldata without a zero byte. */
const RAW_GAS = 3_954_000n;

/** Posting through the inbox, from one sender and from four on four nodes, beside calldata that no contract looks at. */
export async function* chainThroughput({ network, url }: ZekodNetwork): AsyncIterable<Figure> {
  const { addresses, client: owner } = await deployment(url);
  const keys = Array.from({ length: SENDERS }, (_, i) => keyOf(i + 4));
  const connect = (key: EvmKey, i: number) =>
    connectDaClient({ url: network.urls[i]!, addresses, key }, { clock });
  const clients = await Promise.all(keys.map(connect));
  const before = diskBytes(network.directory);

  const one = await postings(clients.slice(0, 1), 1);
  yield rate("chain.kb_per_s.1", 1, await seconds(() => all(one)));
  const raw = keys.map((key, i) => rawPosting(network.urls[i]!, key, addresses.chainId));
  yield rate("chain.raw_kb_per_s.4", SENDERS, await seconds(() => all(raw)));
  const four = await postings(clients, 2);
  yield rate("chain.kb_per_s.4", SENDERS, await seconds(() => all(four)));

  const megabytes = ((1 + 2 * SENDERS) * CHUNKS * CHUNK_BYTES) / 1e6;
  const written = (diskBytes(network.directory) - before) / network.nodes.length / 1e6;
  yield { name: "chain.disk.per_mb", value: written / megabytes, unit: "MB" };
  const memory = network.nodes.map(({ pid }) => residentMb(pid!));
  yield { name: "chain.memory.node", value: Math.max(...memory), unit: "MB" };
  for (const client of [...clients, owner]) client.close();
}

function all<T>(works: readonly (() => Promise<T>)[]): Promise<T[]> {
  return Promise.all(works.map((work) => work()));
}

/** For each sender: what posts its chunks in two batches, the second of which is opened while the first is posted. */
async function postings(clients: readonly DaClient[], round: number): Promise<(() => Promise<BatchId>)[]> {
  const works = clients.map(async (client, i) => {
    const rollup = await client.registerRollup(registration(client, 1));
    const batch = (n: number) =>
      sampleBatch(rollup, (CHUNKS / 2) * CHUNK_BYTES, BigInt(100 * round + 10 * n + i));
    const [first, second] = [batch(1), batch(2)];
    const id = await client.openBatch(first.request);
    return async () => {
      const [next] = await Promise.all([
        client.openBatch(second.request),
        client.postChunks(id, first.chunks),
      ]);
      await client.postChunks(next, second.chunks);
      return id;
    };
  });
  return await Promise.all(works);
}

/** As many bytes as calldata that no contract looks at. */
function rawPosting(url: string, key: EvmKey, chainId: bigint): () => Promise<void> {
  const chunks = Array.from({ length: CHUNKS }, (_, i) => sampleBytes(`raw ${i}`, CHUNK_BYTES));
  return () => sendRaw({ url, key, chainId, gasLimit: RAW_GAS }, chunks);
}

/** Posts two chunks, and looks at what the first one cost. */
export async function postChunkGas(url: string): Promise<number> {
  const { client, rollup } = await deployment(url);
  const batch = sampleBatch(rollup, 2 * CHUNK_BYTES);
  const id = await client.openBatch(batch.request);
  await client.postChunks(id, batch.chunks);
  const work = await workPerByte(url, client, id);
  client.close();
  return work;
}

/** Gas billed for posting a chunk that does not seal, beyond what its calldata costs anybody, by the chunk's bytes. */
async function workPerByte(url: string, client: DaClient, batch: BatchId): Promise<number> {
  const { events } = await client.events(0);
  const [posted] = events.filter((event) => event.kind === "ChunkPosted" && event.batch === batch);
  const receipt = (await ask(url, "eth_getTransactionReceipt", [posted!.transaction])) as Record<
    string,
    string
  >;
  const sent = (await ask(url, "eth_getTransactionByHash", [posted!.transaction])) as Record<string, string>;
  const { billed } = calldataGas(sent.input as Hex);
  return (Number(receipt.gasUsed) - Number(billed)) / CHUNK_BYTES;
}

function keyOf(index: number): EvmKey {
  const phrase = "test test test test test test test test test test test junk";
  const wallet = HDNodeWallet.fromPhrase(phrase, undefined, `m/44'/60'/0'/0/${index}`);
  return evmKeyFromHex(new Secret(wallet.privateKey));
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

function rate(name: string, senders: number, took: number): Figure {
  return { name, value: (senders * CHUNKS * CHUNK_BYTES) / 1024 / took, unit: "KB/s" };
}

function residentMb(pid: number): number {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))!;
  return Number(kilobytes) / 1024;
}

function diskBytes(directory: string): number {
  const files = globSync("**", { cwd: directory, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce(
    (sum, { parentPath, name }) =>
      sum + (statSync(join(parentPath, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}

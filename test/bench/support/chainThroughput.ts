import { readFileSync } from "node:fs";
import { HDNodeWallet, Wallet } from "ethers";
import type { DaClient } from "../../../da/index.ts";
import { CHUNK_BYTES } from "../../../protocol/index.ts";
import type { Figure } from "../../../scripts/bench/Figure.ts";
import { sampleBytes } from "../../../scripts/vectors/samples.ts";
import { type EvmKey, evmKeyFromHex, Secret } from "../../../service/index.ts";
import { clock, connect, deployment, registration, sampleBatch } from "../../da/support/deployment.ts";
import { ask } from "../../da/support/hardhatNode.ts";
import { zekodNetwork } from "../../zekod/support/zekodNetwork.ts";

/** Chunks that each sender posts, a batch's worth: three blocks full of them where four send. */
const CHUNKS = 16;
const SENDERS = 4;
/** Covers the floor price of a chunk of calldata without a zero byte. */
const RAW_GAS = 4_000_000n;

/** Posting through the inbox, from one sender and from four on four nodes, beside calldata that no contract looks at. */
export async function* chainThroughput(): AsyncIterable<Figure> {
  const { network, url, close } = await zekodNetwork(4);
  try {
    const d = await deployment(url);
    const keys = Array.from({ length: SENDERS }, (_, i) => keyOf(i + 4));
    const clients = await Promise.all(keys.map((key, i) => connect(network.urls[i]!, d.addresses, key)));
    yield rate("chain.kb_per_s.1", 1, await seconds(() => post(clients.slice(0, 1), 1)));
    yield rate("chain.kb_per_s.4", SENDERS, await seconds(() => post(clients, 2)));
    const raw = () => Promise.all(keys.map((key, i) => sendRaw(network.urls[i]!, key, d.addresses.chainId)));
    yield rate("chain.raw_kb_per_s.4", SENDERS, await seconds(raw));
    for (const client of [...clients, d.client]) client.close();
    const memory = network.nodes.map(({ pid }) => residentMb(pid!));
    yield { name: "chain.memory.node", value: Math.max(...memory), unit: "MB" };
  } finally {
    await close();
  }
}

/** Every sender opens a batch of a rollup of its own and posts all of it. */
async function post(clients: readonly DaClient[], round: number): Promise<void> {
  const posts = clients.map(async (client, i) => {
    const rollup = await client.registerRollup(registration(client, 1));
    const batch = sampleBatch(rollup, CHUNKS * CHUNK_BYTES, BigInt(10 * round + i));
    await client.postChunks(await client.openBatch(batch.request), batch.chunks);
  });
  await Promise.all(posts);
}

/** The same bytes to an address without code. */
async function sendRaw(url: string, key: EvmKey, chainId: bigint): Promise<void> {
  const wallet = new Wallet(key.privateKey.reveal());
  const count = async (tag: string) =>
    Number(await ask(url, "eth_getTransactionCount", [wallet.address, tag]));
  const first = await count("latest");
  for (let i = 0; i < CHUNKS; i++) {
    const raw = await wallet.signTransaction({
      type: 2,
      chainId,
      nonce: first + i,
      to: `0x${"de".repeat(20)}`,
      data: `0x${Buffer.from(sampleBytes(`raw ${i}`, CHUNK_BYTES)).toString("hex")}`,
      gasLimit: RAW_GAS,
      maxFeePerGas: 10n ** 10n,
      maxPriorityFeePerGas: 10n ** 9n,
    });
    await ask(url, "eth_sendRawTransaction", [raw]);
  }
  while ((await count("latest")) < first + CHUNKS) await clock.sleep(50);
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

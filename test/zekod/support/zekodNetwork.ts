import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultCacheDirectory } from "../../../circuits/index.ts";
import { buildChain } from "../../../scripts/chain/buildChain.ts";
import { ChainNetwork } from "../../../scripts/chain/ChainNetwork.ts";

export interface ZekodNetwork {
  readonly network: ChainNetwork;
  /** Of the first node. */
  readonly url: string;
  close(): Promise<void>;
}

export function zekodBinary(): Promise<string> {
  return buildChain(defaultCacheDirectory(process.env)).then(({ binary }) => binary);
}

/** A running network in a directory that goes with it. @param options.ageMs how long ago its genesis was */
export async function zekodNetwork(nodes: number, { ageMs = 0 } = {}): Promise<ZekodNetwork> {
  const directory = await mkdtemp(join(tmpdir(), "zekod-"));
  const network = await ChainNetwork.create({ directory, nodes, binary: await zekodBinary() });
  const close = async () => {
    await network.stop();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    if (ageMs > 0) for (const { home } of network.nodes) await makeOlder(home, ageMs);
    await network.start();
  } catch (error) {
    await close();
    throw error;
  }
  return { network, url: network.urls[0]!, close };
}

async function makeOlder(home: string, ageMs: number): Promise<void> {
  const file = join(home, "config", "genesis.json");
  const genesis = JSON.parse(await readFile(file, "utf8")) as { genesis_time: string };
  const time = new Date(Date.parse(genesis.genesis_time) - ageMs).toISOString();
  await writeFile(file, JSON.stringify({ ...genesis, genesis_time: time }));
}

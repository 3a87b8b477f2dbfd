import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { gasVaultAddress } from "../../da/index.ts";
import { freePorts } from "../local/freePorts.ts";
import { ChainBinary } from "./ChainBinary.ts";
import { ChainError } from "./ChainError.ts";
import { ChainNode } from "./ChainNode.ts";
import { bech32Address, type ChainGenesis, COIN, DENOM, fund, publicAddresses } from "./chainGenesis.ts";
import { nodeIdentity } from "./nodeIdentity.ts";
import {
  type NodePorts,
  type NodeSettings,
  nodePorts,
  PORTS_PER_NODE,
  writeNodeSettings,
} from "./nodeSettings.ts";

export interface ChainNetworkOptions {
  readonly directory: string;
  readonly binary: string;
}

export interface NewChainOptions extends ChainNetworkOptions {
  /** Validators, one a node. */
  readonly nodes: number;
  /** Of the first node's JSON-RPC; any free one when left out. */
  readonly port?: number;
  /** Cosmos' name of the chain; begins with `zeko-`. Two networks that speak to each other need two. */
  readonly chainId?: string;
  /** Serves gRPC too, which relayers between chains ask. */
  readonly grpc?: boolean;
  /** Changes the parameters that the network starts with. */
  readonly shape?: (genesis: ChainGenesis) => void;
  /** Blocks from one snapshot of the state to the next. */
  readonly snapshotInterval?: number;
}

export const LOCAL_CHAIN_ID = "zeko-local-1";
const MARK = "network.json";
const KEYRING = ["--keyring-backend", "test"] as const;
const STAKE = 1_000n * COIN;
/** As Hardhat's network gives. */
const ALLOWANCE = 10_000n * COIN;
/** Which of the public accounts deploys the gas vault, and the vault's coins: more than there is MINA that could be locked. */
const GAS_VAULT_DEPLOYER = 3;
const GAS_STOCK = 2_000_000_000n * COIN;
/** Above the floor under the gas price, which gentxs pay too. */
const GENTX_GAS_PRICE = `1000000000${DENOM}`;

/** A chain of our own on loopback: homes below one directory, with a file that says so. */
export class ChainNetwork {
  readonly directory: string;
  readonly chainId: string;
  readonly nodes: readonly ChainNode[];

  private constructor(directory: string, chainId: string, nodes: readonly ChainNode[]) {
    this.directory = directory;
    this.chainId = chainId;
    this.nodes = nodes;
  }

  /**
   * Writes homes, genesis and settings; starts nothing.
   * @throws {ChainError} `CHAIN_DIRECTORY_FOREIGN` when the directory holds anything, `CHAIN_COMMAND_FAILED`
   */
  static async create({
    nodes: count,
    port,
    chainId = LOCAL_CHAIN_ID,
    grpc = false,
    shape = () => {},
    snapshotInterval,
    ...options
  }: NewChainOptions): Promise<ChainNetwork> {
    const directory = resolve(options.directory);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    if ((await readdir(directory)).length > 0) throw new ChainError("CHAIN_DIRECTORY_FOREIGN", { directory });
    const free = await freePorts(PORTS_PER_NODE * count);
    const ports = Array.from({ length: count }, (_, i) => {
      const own = nodePorts(free.slice(PORTS_PER_NODE * i));
      return i === 0 && port !== undefined ? { ...own, jsonRpc: port } : own;
    });
    const homes = ports.map((_, i) => join(directory, `node${i}`));
    const nodes = homes.map((home) => new ChainBinary(options.binary, home));
    try {
      await makeHomes(nodes, chainId, shape);
      await connect(homes, ports, { grpc, ...(snapshotInterval === undefined ? {} : { snapshotInterval }) });
      await writeFile(join(directory, MARK), `${JSON.stringify({ chain: chainId, ports }, null, 2)}\n`);
    } catch (error) {
      for (const home of homes) await rm(home, { recursive: true, force: true }); // to be tried again
      throw error;
    }
    return await ChainNetwork.open(options);
  }

  /** A network that was made before. @throws {ChainError} `CHAIN_ABSENT`, `CHAIN_DIRECTORY_FOREIGN` */
  static async open({ binary, ...options }: ChainNetworkOptions): Promise<ChainNetwork> {
    const directory = resolve(options.directory);
    const mark = join(directory, MARK);
    if (!existsSync(mark)) throw new ChainError("CHAIN_ABSENT", { directory });
    const { chain, ports } = readMark(await readFile(mark, "utf8")) ?? {};
    if (!chain?.startsWith("zeko-") || !ports) throw new ChainError("CHAIN_DIRECTORY_FOREIGN", { directory });
    const nodes = ports.map(
      (own, number) => new ChainNode({ number, binary, home: join(directory, `node${number}`), ports: own }),
    );
    return new ChainNetwork(directory, chain, nodes);
  }

  /** Of every node's JSON-RPC. */
  get urls(): readonly string[] {
    return this.nodes.map(({ url }) => url);
  }

  /**
   * Starts every node that does not run, and waits for their second block: at the first, a node's pool is not open yet.
   * Where one does not come up, those that it has started are stopped.
   * @throws {ChainError} `CHAIN_PORT_TAKEN`, `CHAIN_NOT_READY`
   */
  async start({ detached = false, limitMs = 120_000 } = {}): Promise<void> {
    const started = this.nodes.filter(({ pid }) => pid === undefined);
    for (const node of started) await node.checkPorts();
    const heights = await Promise.all(
      this.nodes.map((node) => (started.includes(node) ? 0 : node.height().catch(() => 0))),
    );
    const goal = Math.max(2, ...heights);
    for (const node of started) node.start({ detached });
    try {
      await Promise.all(this.nodes.map((node) => node.waitForHeight(goal, limitMs)));
    } catch (error) {
      await Promise.all(started.map((node) => node.stop()));
      throw error;
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
  }
}

function readMark(text: string): { chain?: string; ports?: NodePorts[] } | undefined {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Homes of validators that share one genesis file, every validator's stake in it. */
async function makeHomes(
  nodes: readonly ChainBinary[],
  chainId: string,
  shape: (genesis: ChainGenesis) => void,
): Promise<void> {
  const chain = ["--chain-id", chainId] as const;
  const operators = await Promise.all(
    nodes.map(async (node, i) => {
      await node.run("init", `node${i}`, ...chain);
      const key = await node.run("keys", "add", "operator", ...KEYRING, "--output", "json");
      return JSON.parse(key).address as string;
    }),
  );
  const [first] = nodes as [ChainBinary];
  const genesisOf = ({ home }: ChainBinary) => join(home, "config", "genesis.json");
  const genesis = JSON.parse(await readFile(genesisOf(first), "utf8")) as ChainGenesis;
  for (const operator of operators) fund(genesis, operator, 2n * STAKE);
  for (const address of publicAddresses()) fund(genesis, bech32Address(address), ALLOWANCE);
  fund(genesis, bech32Address(gasVaultAddress(publicAddresses()[GAS_VAULT_DEPLOYER]!)), GAS_STOCK);
  shape(genesis);
  for (const node of nodes) await writeFile(genesisOf(node), JSON.stringify(genesis));

  const gentxs = join(first.home, "config", "gentx");
  await mkdir(gentxs, { recursive: true });
  const stake = [`${STAKE}${DENOM}`, ...chain, ...KEYRING, "--gas-prices", GENTX_GAS_PRICE] as const;
  await Promise.all(
    nodes.map((node, i) =>
      node.run("genesis", "gentx", "operator", ...stake, "--output-document", join(gentxs, `node${i}.json`)),
    ),
  );
  await first.run("genesis", "collect-gentxs");
  for (const node of nodes.slice(1)) await copyFile(genesisOf(first), genesisOf(node));
}

/** Every node knows every other. */
async function connect(
  homes: readonly string[],
  ports: readonly NodePorts[],
  settings: Pick<NodeSettings, "grpc" | "snapshotInterval">,
): Promise<void> {
  const ids = await Promise.all(homes.map(nodeIdentity));
  const places = ids.map((id, i) => `${id}@127.0.0.1:${ports[i]!.peers}`);
  for (const [i, home] of homes.entries()) {
    const peers = places.filter((_, other) => other !== i);
    await writeNodeSettings(home, { ports: ports[i]!, peers, open: false, ...settings });
  }
}

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ChainError } from "./ChainError.ts";

/** Ports of one node. */
export interface NodePorts {
  /** Ethereum's JSON-RPC over HTTP, which `da/` speaks. */
  readonly jsonRpc: number;
  /** The same over WebSocket. */
  readonly webSocket: number;
  /** CometBFT's RPC. */
  readonly comet: number;
  /** Other nodes connect here. */
  readonly peers: number;
  /** The Ethereum side's figures, served only where the node is told to. */
  readonly metrics: number;
  /** gRPC, served only where the node is told to. */
  readonly grpc: number;
}

export const PORTS_PER_NODE = 6;

export function nodePorts([jsonRpc, webSocket, comet, peers, metrics, grpc]: readonly number[]): NodePorts {
  return {
    jsonRpc: jsonRpc!,
    webSocket: webSocket!,
    comet: comet!,
    peers: peers!,
    metrics: metrics!,
    grpc: grpc!,
  };
}

export interface NodeSettings {
  readonly ports: NodePorts;
  /** Nodes to stay connected with, each `<identity>@<host>:<port>`. */
  readonly peers: readonly string[];
  /** Whether nodes of other machines may connect. Everything else is on loopback either way. */
  readonly open: boolean;
  /** Whether to serve gRPC, on loopback. */
  readonly grpc?: boolean;
  /** Blocks from one snapshot of the state to the next; as `zekod init` writes it where it is left out. */
  readonly snapshotInterval?: number;
  /** Starts a new home from a snapshot that other nodes offer, instead of from the first block. */
  readonly stateSync?: StateSync;
}

/** What a node that starts from a snapshot believes, and whom it asks for what follows from it. */
export interface StateSync {
  /** CometBFT's RPC of two nodes or more, believed nothing that the hash does not lead to. */
  readonly servers: readonly string[];
  /** A block's height and hash, from somebody who is trusted. */
  readonly height: number;
  readonly hash: string;
}

/** Within two thirds of the time for which stake stays liable. */
const TRUST_PERIOD = "336h0m0s";

/** Writes them into the files that `zekod init` made. @throws {ChainError} `CHAIN_SETTING_UNKNOWN` */
export async function writeNodeSettings(
  home: string,
  { ports, peers, open, grpc = false, snapshotInterval, stateSync }: NodeSettings,
): Promise<void> {
  await edit(join(home, "config", "config.toml"), {
    "rpc.laddr": `"tcp://127.0.0.1:${ports.comet}"`,
    "rpc.pprof_laddr": '""',
    "p2p.laddr": `"tcp://${open ? "0.0.0.0" : "127.0.0.1"}:${ports.peers}"`,
    "p2p.persistent_peers": `"${peers.join(",")}"`,
    "p2p.addr_book_strict": String(open), // strict, it refuses loopback
    "p2p.allow_duplicate_ip": String(!open),
    ...(stateSync === undefined ? {} : stateSyncSettings(stateSync)),
  });
  await edit(join(home, "config", "app.toml"), {
    "json-rpc.address": `"127.0.0.1:${ports.jsonRpc}"`,
    "json-rpc.ws-address": `"127.0.0.1:${ports.webSocket}"`,
    "json-rpc.metrics-address": `"127.0.0.1:${ports.metrics}"`,
    "evm.geth-metrics-address": `"127.0.0.1:${ports.metrics}"`,
    "api.enable": "false",
    "grpc.enable": String(grpc),
    "grpc.address": `"127.0.0.1:${ports.grpc}"`,
    "grpc-web.enable": "false",
    ...(snapshotInterval === undefined ? {} : { "state-sync.snapshot-interval": String(snapshotInterval) }),
  });
}

function stateSyncSettings({ servers, height, hash }: StateSync): Record<string, string> {
  return {
    "statesync.enable": "true",
    "statesync.rpc_servers": `"${servers.join(",")}"`,
    "statesync.trust_height": String(height),
    "statesync.trust_hash": `"${hash}"`,
    "statesync.trust_period": `"${TRUST_PERIOD}"`,
    "statesync.discovery_time": '"5s"', // the least it takes
  };
}

/** Sets `section.key` of a TOML file to literals. Each must be there once: a setting that the node ignores is none. */
async function edit(file: string, settings: Readonly<Record<string, string>>): Promise<void> {
  const left = new Map(Object.entries(settings));
  let section = "";
  const lines = (await readFile(file, "utf8")).split("\n").map((line) => {
    section = /^\[([\w.-]+)\]/.exec(line)?.[1] ?? section;
    const key = /^([\w-]+) = /.exec(line)?.[1];
    const name = `${section}.${key}`;
    const value = left.get(name);
    if (value === undefined) return line;
    left.delete(name);
    return `${key} = ${value}`;
  });
  const [setting] = left.keys();
  if (setting !== undefined) throw new ChainError("CHAIN_SETTING_UNKNOWN", { file, setting });
  await writeFile(file, lines.join("\n"));
}

import { copyFile, mkdir, readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { defaultCacheDirectory } from "../../circuits/index.ts";
import {
  ConfigError,
  environmentName,
  exitCodes,
  type OptionGroup,
  type OptionValues,
} from "../../service/index.ts";
import { loadedCommand } from "../cli/Command.ts";
import { buildChain } from "./buildChain.ts";
import { ChainBinary } from "./ChainBinary.ts";
import { ChainError } from "./ChainError.ts";
import { nodeIdentity } from "./nodeIdentity.ts";
import { type StateSync, writeNodeSettings } from "./nodeSettings.ts";

const port = (description: string, standard: number) =>
  ({ type: "integer", default: standard, min: 1, max: 65_535, description }) as const;

/** Options of `zeko chain init`. */
export const chainInitOptions = {
  "chain.genesis": {
    type: "path",
    required: true,
    description: "Genesis file of the DA chain, the same for every node",
  },
  "chain.moniker": {
    type: "string",
    default: "validator",
    pattern: /^[\w.-]{1,64}$/,
    description: "What other nodes see this one called",
  },
  "chain.peers": {
    type: "list",
    default: [],
    pattern: /^[0-9a-f]{40}@[\w.-]+:\d+$/,
    description: "Nodes to stay connected with, each <identity>@<host>:<port>",
  },
  "chain.sync-servers": {
    type: "list",
    default: [],
    pattern: /^https?:\/\/[\w.-]+:\d+$/,
    description: "CometBFT's RPC of two nodes or more, to start from a snapshot and not from the first block",
  },
  "chain.trust-height": {
    type: "integer",
    min: 1,
    description: "Height of a block whose hash is known from somebody trusted, before the snapshot",
  },
  "chain.trust-hash": {
    type: "string",
    pattern: /^[0-9A-Fa-f]{64}$/,
    description: "The hash of that block",
  },
  "chain.grpc": {
    type: "boolean",
    default: false,
    description: "Serves gRPC, for a relayer to other chains",
  },
  "chain.peer-port": port("Where other nodes connect, on every interface", 26_656),
  "chain.json-rpc-port": port("Ethereum's JSON-RPC, which the roles ask, on loopback", 8_545),
  "chain.web-socket-port": port("The same over WebSocket, on loopback", 8_546),
  "chain.comet-port": port("CometBFT's RPC, on loopback", 26_657),
  "chain.metrics-port": port("The Ethereum side's figures, on loopback", 8_100),
  "chain.grpc-port": port("gRPC for relayers between chains, on loopback", 9_090),
} as const satisfies OptionGroup;

/** `zeko chain init <home>`: writes a validator's home of the DA chain. Keys in it are new, and nobody else has them. */
export const chainInit = loadedCommand(chainInitOptions, async ({ values, positionals }, io) => {
  const stateSync = stateSyncOf(values);
  const home = resolve(positionals[0]!);
  await mkdir(home, { recursive: true, mode: 0o700 });
  if ((await readdir(home)).length > 0) throw new ChainError("CHAIN_DIRECTORY_FOREIGN", { directory: home });
  const genesis = resolve(values["chain.genesis"]);
  const { chain_id: chainId } = JSON.parse(await readFile(genesis, "utf8")) as { chain_id: string };
  const { binary } = await buildChain(defaultCacheDirectory(io.environment));
  const zekod = new ChainBinary(binary, home);
  await zekod.run("init", values["chain.moniker"], "--chain-id", chainId);
  await copyFile(genesis, join(home, "config", "genesis.json"));
  await zekod.run("genesis", "validate");
  const ports = {
    jsonRpc: values["chain.json-rpc-port"],
    webSocket: values["chain.web-socket-port"],
    comet: values["chain.comet-port"],
    peers: values["chain.peer-port"],
    metrics: values["chain.metrics-port"],
    grpc: values["chain.grpc-port"],
  };
  await writeNodeSettings(home, {
    ports,
    peers: values["chain.peers"],
    open: true,
    grpc: values["chain.grpc"],
    ...(stateSync === undefined ? {} : { stateSync }),
  });
  io.out(`${await nodeIdentity(home)}\n`);
  io.out(`start it with: ${binary} start --home ${home}\n`);
  return exitCodes.ok;
});

/** Undefined without servers. @throws {ConfigError} `CONFIG_MISSING` where they come without a block to trust */
function stateSyncOf(values: OptionValues<typeof chainInitOptions>): StateSync | undefined {
  const { "chain.sync-servers": servers, "chain.trust-height": height, "chain.trust-hash": hash } = values;
  if (servers.length === 0) return undefined;
  const missing = (option: keyof typeof chainInitOptions) =>
    new ConfigError("CONFIG_MISSING", { option, env: environmentName(option, chainInitOptions[option]) });
  if (height === undefined) throw missing("chain.trust-height");
  if (hash === undefined) throw missing("chain.trust-hash");
  return { servers, height, hash: hash.toUpperCase() };
}

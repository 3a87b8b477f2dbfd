import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { defaultCacheDirectory } from "../circuits/index.ts";
import { ZekoError } from "../protocol/index.ts";
import { buildChain } from "./chain/buildChain.ts";
import { ChainNetwork } from "./chain/ChainNetwork.ts";
import { adviceOf } from "./cli/adviceOf.ts";

/** `npm run chain -- build | up | status | logs | down`: the node of the DA chain, and a network of it on this machine. */
const options = {
  directory: { type: "string", default: ".zeko/chain" },
  /** When the network is made. */
  nodes: { type: "string", default: "4" },
  /** Of the first node's JSON-RPC, when the network is made. */
  port: { type: "string" },
  /** Of each log. */
  lines: { type: "string", default: "20" },
} as const;
const actions: Record<string, () => Promise<unknown>> = { build, up, run, status, logs, down };
/** As many as a certificate on Mina can hold. */
const MOST_NODES = 64;

const say = (line: string) => process.stdout.write(`${line}\n`);
const { action, directory, nodes, port, lines } = readArguments();
try {
  await action();
} catch (error) {
  process.stderr.write(`${error instanceof ZekoError ? error.message : (error as Error).stack}\n`);
  const advice = adviceOf(error);
  if (advice) process.stderr.write(`${advice}\n`);
  process.exit(1);
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options });
    const action = actions[positionals[0] ?? ""];
    if (!action || positionals.length > 1) throw new TypeError("Say what to do.");
    return {
      action,
      directory: values.directory,
      nodes: count("nodes", values.nodes, MOST_NODES),
      port: values.port === undefined ? undefined : count("port", values.port, 65_535),
      lines: count("lines", values.lines, 100_000),
    };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.stderr.write(
      `npm run chain -- ${Object.keys(actions).join(" | ")} [--directory <path>] [--nodes <count>] [--port <port>] [--lines <count>]\n`,
    );
    process.exit(2);
  }
}

function count(name: string, text: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new TypeError(`--${name} is a number from 1 to ${most}, not ${text}.`);
}

async function build(): Promise<string> {
  const began = Date.now();
  const { binary, built } = await buildChain(defaultCacheDirectory(process.env));
  say(`${binary} (${built ? `built in ${seconds(began)} s` : "cached"})`);
  return binary;
}

/** Makes the network where there is none, starts what does not run, and leaves it running. */
async function up(): Promise<void> {
  await start(true);
}

/** As `up`, until this process is told to end. */
async function run(): Promise<void> {
  const told = new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, resolve);
  });
  const network = await start(false);
  const alive = setInterval(() => {}, 60_000);
  await told;
  clearInterval(alive);
  await network.stop();
}

async function start(detached: boolean): Promise<ChainNetwork> {
  const binary = await build();
  const began = Date.now();
  const made = existsSync(join(directory, "network.json"));
  const network = made
    ? await ChainNetwork.open({ directory, binary })
    : await ChainNetwork.create({ directory, binary, nodes, ...(port === undefined ? {} : { port }) });
  await network.start({ detached });
  say(`${network.nodes.length} nodes up in ${seconds(began)} s`);
  for (const url of network.urls) say(`  ${url}`);
  return network;
}

async function status(): Promise<void> {
  for (const node of (await open()).nodes) {
    const height = await node.height().catch(() => "no answer");
    say(`node ${node.number}  ${node.url}  ${node.pid ? `pid ${node.pid}` : "down"}  height ${height}`);
  }
}

async function logs(): Promise<void> {
  for (const node of (await open()).nodes) {
    say(`== ${node.logFile}`);
    const text = await readFile(node.logFile, "utf8").catch(() => "");
    say(text.trimEnd().split("\n").slice(-lines).join("\n"));
  }
}

async function down(): Promise<void> {
  const network = await open();
  const running = network.nodes.filter(({ pid }) => pid !== undefined);
  await network.stop();
  say(
    `${running.length === 0 ? "nothing ran" : `${running.length} nodes stopped`}; the data stays in ${network.directory}`,
  );
}

/** The binary matters only to starting. */
async function open(): Promise<ChainNetwork> {
  return await ChainNetwork.open({ directory, binary: "" });
}

function seconds(began: number): string {
  return ((Date.now() - began) / 1000).toFixed(1);
}

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { defaultCacheDirectory } from "../circuits/index.ts";
import { buildChain } from "./chain/buildChain.ts";
import { ChainNetwork } from "./chain/ChainNetwork.ts";

/** `npm run chain -- build | up | status | logs | down`: the node of the DA chain, and a network of it on this machine. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    directory: { type: "string", default: ".zeko/chain" },
    nodes: { type: "string", default: "4" },
    /** Of the first node's JSON-RPC, when the network is made. */
    port: { type: "string" },
    /** Of each log. */
    lines: { type: "string", default: "20" },
  },
});

const say = (line: string) => process.stdout.write(`${line}\n`);
const directory = values.directory;

const actions: Record<string, () => Promise<unknown>> = { build, up, run, status, logs, down };
const action = actions[positionals[0] ?? ""];
if (!action || positionals.length > 1) {
  process.stderr.write(
    `npm run chain -- ${Object.keys(actions).join(" | ")} [--directory <path>] [--nodes <count>]\n`,
  );
  process.exit(2);
}
try {
  await action();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
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
  const port = values.port === undefined ? {} : { port: Number(values.port) };
  const network = made
    ? await ChainNetwork.open({ directory, binary })
    : await ChainNetwork.create({ directory, binary, nodes: Number(values.nodes), ...port });
  try {
    await network.start({ detached });
  } catch (error) {
    await network.stop();
    throw error;
  }
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
    say(text.trimEnd().split("\n").slice(-Number(values.lines)).join("\n"));
  }
}

async function down(): Promise<void> {
  await (await open()).stop();
  say("stopped; its data stays");
}

/** The binary matters only to starting. */
async function open(): Promise<ChainNetwork> {
  return await ChainNetwork.open({ directory, binary: "" });
}

function seconds(began: number): string {
  return ((Date.now() - began) / 1000).toFixed(1);
}

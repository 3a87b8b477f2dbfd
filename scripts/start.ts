import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultCacheDirectory } from "../circuits/index.ts";
import { NANOMINA } from "../protocol/index.ts";
import { ConfigError, exitCodes, type OptionValues, resolveConfig } from "../service/index.ts";
import { LocalNetwork } from "./local/LocalNetwork.ts";
import { settleTwoBatches, summaryOf } from "./local/settleTwoBatches.ts";
import { startOptions } from "./local/startOptions.ts";
import { Timeline } from "./local/Timeline.ts";

/**
 * `npm start`: the whole rollup on this machine, two batches from a user's transfers to L1, the second by a sequencer that
 * has lost everything. `-- --once` ends then; without it everything keeps running until Ctrl-C.
 */
const write = (line: string) => void process.stdout.write(line);
process.exit(await main(process.argv.slice(2)));

async function main(flags: string[]): Promise<number> {
  try {
    return await run(resolveConfig(startOptions, { flags }).values);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\ncode: ${error.code}\n`);
    return exitCodes.usage;
  }
}

async function run(values: OptionValues<typeof startOptions>): Promise<number> {
  const timeline = new Timeline(write);
  const cacheDirectory = defaultCacheDirectory(process.env);
  const directory = values.directory ?? (await mkdtemp(join(tmpdir(), "zeko-")));
  const options = {
    directory,
    validators: 4,
    slotDurationMs: values["slot-ms"],
    userBalance: 1_000n * NANOMINA,
    chain: values.chain,
  } as const;
  const network = new LocalNetwork({ ...options, cacheDirectory }, { timeline });
  const { promise: interrupted, resolve } = Promise.withResolvers<"interrupted">();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => resolve("interrupted"));
  const job = async () => {
    const settled = await settleTwoBatches(network, { cacheDirectory, timeline });
    write(
      `\n${(await summaryOf(settled, network)).join("\n")}\n  total: ${timeline.seconds.toFixed(1)} s\n\n`,
    );
    return "done" as const;
  };
  let failed = false;
  try {
    const end = await Promise.race([job(), interrupted]);
    if (end === "interrupted") return values.once ? exitCodes.failed : exitCodes.ok;
    if (!values.once) {
      write(endpoints(network, directory));
      await interrupted;
    }
    return exitCodes.ok;
  } catch (error) {
    failed = true;
    timeline.say(`FAILED: ${error instanceof Error ? error.message : String(error)}`);
    timeline.say(`Logs of every process: ${join(directory, "logs")}`);
    return exitCodes.failed;
  } finally {
    await network.down();
    if (values.directory === undefined && !failed) await rm(directory, { recursive: true, force: true });
  }
}

function endpoints({ urls, keys }: LocalNetwork, directory: string): string {
  return [
    "Running until Ctrl-C. Endpoints:",
    `  L2 GraphQL     ${urls.sequencer}/graphql`,
    `  sequencer      ${urls.sequencer}/v1/status`,
    `  relay          ${urls.relay}/v1/status`,
    ...urls.signers.map((url, i) => `  validator ${i}    ${url}/v1/status`),
    `  L1 GraphQL     ${urls.l1}/graphql`,
    `  DA chain       ${urls.chain}`,
    `  gas of the DA chain: npx zeko gas deposit --config ${join(directory, "zeko.json")} --gas.recipient 0x… --gas.amount 5`,
    `  L2 account with MINA: ${keys.user.address}`,
    `    private key  ${keys.user.privateKey.reveal()}  (made for this run)`,
    `  files and logs ${directory}`,
    "",
  ].join("\n");
}

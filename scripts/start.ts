import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { defaultCacheDirectory } from "../circuits/index.ts";
import { GraphqlL1Client } from "../l1/index.ts";
import { NANOMINA } from "../protocol/index.ts";
import { ensureProofKeys } from "./local/ensureProofKeys.ts";
import { type BatchView, LocalNetwork } from "./local/LocalNetwork.ts";
import type { SentTransfer } from "./local/sendTransfers.ts";
import { Timeline } from "./local/Timeline.ts";

/**
 * `npm start`: the whole rollup on this machine, two batches from a user's transfers to L1, the second by a sequencer that
 * has lost everything. `-- --once` ends then; without it everything keeps running until Ctrl-C.
 */
const { values } = parseArgs({
  options: {
    once: { type: "boolean", default: false },
    /** Where everything is kept; a directory that goes with the end when it is not given. */
    directory: { type: "string" },
    "slot-ms": { type: "string", default: "3000" },
  },
});

const VALIDATORS = 4;
const USER_BALANCE = 1_000n * NANOMINA;
/** Each makes an account: four account updates. Enough to need two leaves and a merge. */
const FIRST_TRANSFERS = 6;
const SECOND_TRANSFERS = 2;
/** For one batch, every proof included. */
const BATCH_LIMIT_MS = 20 * 60_000;

const timeline = new Timeline((line) => process.stdout.write(line));
const cacheDirectory = defaultCacheDirectory(process.env);
const directory = values.directory ?? (await mkdtemp(join(tmpdir(), "zeko-")));
const network = new LocalNetwork(
  {
    directory,
    validators: VALIDATORS,
    slotDurationMs: Number(values["slot-ms"]),
    userBalance: USER_BALANCE,
    cacheDirectory,
  },
  { timeline },
);

const interrupted = new Promise<"interrupted">((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => resolve("interrupted"));
});
let code = 0;
try {
  const ended = await Promise.race([run().then(() => "done" as const), interrupted]);
  if (ended === "done" && !values.once) {
    printEndpoints();
    await interrupted;
  }
  if (ended === "interrupted" && values.once) code = 130;
} catch (error) {
  code = 1;
  timeline.say(`FAILED: ${error instanceof Error ? error.message : String(error)}`);
  timeline.say(`Logs of every process: ${join(directory, "logs")}`);
} finally {
  await network.down();
  if (values.directory === undefined && code !== 1) await rm(directory, { recursive: true, force: true });
}
process.exit(code);

async function run(): Promise<void> {
  await timeline.step("Proof keys", loadKeys, (state) => state);
  await network.up();
  await timeline.step("Sequencer", () => network.startSequencer());
  const first = await settle("First batch", FIRST_TRANSFERS);
  if (first.batch.proofs.ledger < 3)
    throw new Error("the first batch was to need two leaves and one for its fees");
  timeline.say("Killing the sequencer and deleting its database");
  await network.loseSequencer();
  await timeline.step("Sequencer, rebuilt from one validator's copy", () => network.startSequencer());
  const second = await settle("Second batch", SECOND_TRANSFERS);
  await summary([first, second]);
}

/** Makes what the cache does not have, so that a fresh machine does it here and not in the middle of a batch. */
async function loadKeys(): Promise<string> {
  const made = await ensureProofKeys(cacheDirectory, {
    onStart: (program) => timeline.say(`  ${program}: making keys, which takes a minute or more`),
    onDone: (program, seconds) => timeline.say(`  ${program}: ${seconds.toFixed(1)} s`),
  });
  return made.length > 0 ? `${made.length} made` : "cached";
}

interface Settled {
  readonly transfers: readonly SentTransfer[];
  readonly batch: BatchView;
}

async function settle(name: string, count: number): Promise<Settled> {
  const transfers = await timeline.step(`${name}: ${count} transfers by stock o1js`, () =>
    network.transfer(count),
  );
  const { number } = await network.closeBatch();
  const batch = await timeline.step(`${name} (number ${number}) to L1`, () =>
    network.waitUntilAccepted(number, BATCH_LIMIT_MS),
  );
  if (batch.transactions !== count)
    throw new Error(`the batch holds ${batch.transactions} of ${count} transfers`);
  return { transfers, batch };
}

async function summary(settled: readonly Settled[]): Promise<void> {
  const l1 = new GraphqlL1Client({ mina: `${network.urls.l1}/graphql` });
  const outer = await l1.account(network.keys.outer.address);
  const lines = ["", "Summary"];
  for (const { transfers, batch } of settled) {
    lines.push(`  batch ${batch.number}  id ${batch.id}`);
    lines.push(
      `    accepted in L1 block ${batch.accepted!.height}, slot ${batch.accepted!.slot}, by ${batch.commit?.hash}`,
    );
    lines.push(`    certificate ${network.urls.relay}/v1/batches/${batch.id}/certificate`);
    const proofs = Object.entries(batch.proofSeconds).map(
      ([name, seconds]) => `${name} ${seconds.toFixed(1)}`,
    );
    lines.push(`    proofs, seconds: ${proofs.join(", ")}`);
    for (const { receiver, amount } of transfers) lines.push(`    ${receiver}  ${Number(amount) / 1e9} MINA`);
  }
  lines.push(`  outer account ${outer!.publicKey}`);
  lines.push(`    balance ${Number(outer!.balance) / 1e9} MINA`);
  for (const [i, value] of outer!.zkapp!.appState.entries()) lines.push(`    field ${i}: ${value}`);
  lines.push(`  total ${timeline.seconds.toFixed(1)} s`, "");
  process.stdout.write(`${lines.join("\n")}\n`);
}

function printEndpoints(): void {
  const { urls } = network;
  const lines = [
    "Running until Ctrl-C. Endpoints:",
    `  L2 GraphQL     ${urls.sequencer}/graphql`,
    `  sequencer      ${urls.sequencer}/v1/status`,
    `  relay          ${urls.relay}/v1/status`,
    ...urls.signers.map((url, i) => `  validator ${i}    ${url}/v1/status`),
    `  L1 GraphQL     ${urls.l1}/graphql`,
    `  DA chain       ${urls.chain}`,
    `  L2 account with MINA: ${network.keys.user.address}`,
    `    private key  ${network.keys.user.privateKey.reveal()}  (made for this run)`,
    `  files and logs ${directory}`,
    "",
  ];
  process.stdout.write(lines.join("\n"));
}

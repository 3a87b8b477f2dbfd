import { GraphqlL1Client } from "../../l1/index.ts";
import type { BatchView, LocalNetwork } from "./LocalNetwork.ts";
import { makeProofKeys } from "./makeProofKeys.ts";
import type { SentTransfer } from "./sendTransfers.ts";
import type { Timeline } from "./Timeline.ts";

/** Each makes an account: four account updates. More than the 27 that one leaf proves, so that two have to be merged. */
const FIRST_TRANSFERS = 8;
const SECOND_TRANSFERS = 2;
/** For one batch, every proof included. */
const BATCH_LIMIT_MS = 20 * 60_000;

export interface Settled {
  readonly transfers: readonly SentTransfer[];
  readonly batch: BatchView;
}

/** The main job: brings the network up and settles two batches, the second by a sequencer that lost everything. */
export async function settleTwoBatches(
  network: LocalNetwork,
  { cacheDirectory, timeline }: { readonly cacheDirectory: string; readonly timeline: Timeline },
): Promise<Settled[]> {
  await timeline.step(
    "Proof keys",
    () => makeProofKeys(cacheDirectory, timeline),
    (state) => state,
  );
  await network.up();
  await timeline.step("Sequencer", () => network.startSequencer());
  const first = await settle("First batch", FIRST_TRANSFERS, network, timeline);
  if (first.batch.proofs.ledger < 3)
    throw new Error("the first batch was to need two leaves, and one for its fees");
  timeline.say("Killing the sequencer and deleting its database");
  await network.loseSequencer();
  await timeline.step("Sequencer, rebuilt from one validator's copy", () => network.startSequencer());
  return [first, await settle("Second batch", SECOND_TRANSFERS, network, timeline)];
}

/** What happened, for people. */
export async function summaryOf(settled: readonly Settled[], network: LocalNetwork): Promise<string[]> {
  const { keys, urls } = network;
  const outer = await new GraphqlL1Client({ mina: `${urls.l1}/graphql` }).account(keys.outer.address);
  const mina = (amount: bigint | string) => `${Number(amount) / 1e9} MINA`;
  return [
    "Summary",
    ...settled.flatMap(({ transfers, batch }) => [
      `  batch ${batch.number}: ${batch.id}`,
      `    accepted in L1 block ${batch.accepted!.height}, slot ${batch.accepted!.slot}, by ${batch.commit?.hash}`,
      `    certificate: ${urls.relay}/v1/batches/${batch.id}/certificate`,
      `    proofs, seconds: ${Object.entries(batch.proofSeconds)
        .map(([name, seconds]) => `${name} ${seconds.toFixed(1)}`)
        .join(", ")}`,
      "    new L2 accounts:",
      ...transfers.map(({ receiver, amount }) => `      ${receiver}  ${mina(amount)}`),
    ]),
    `  outer account on L1: ${outer!.publicKey}, ${mina(outer!.balance)}`,
    ...outer!.zkapp!.appState.map((value, i) => `    field ${i}: ${value}`),
    `  memory, MB at most: ${Object.entries(network.peakMb())
      .map(([name, peak]) => `${name} ${peak}`)
      .join(", ")}`,
  ];
}

async function settle(
  name: string,
  count: number,
  network: LocalNetwork,
  timeline: Timeline,
): Promise<Settled> {
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

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultCacheDirectory } from "../../../circuits/index.ts";
import { NANOMINA } from "../../../protocol/index.ts";
import type { Figure } from "../../../scripts/bench/Figure.ts";
import { LocalNetwork } from "../../../scripts/local/LocalNetwork.ts";
import { settleTwoBatches } from "../../../scripts/local/settleTwoBatches.ts";
import { Timeline } from "../../../scripts/local/Timeline.ts";

/** Two batches to L1, every role a process and every proof real. Proof keys are made before the clock counts, if they must be. */
export async function* mainJob(): AsyncIterable<Figure> {
  const cacheDirectory = defaultCacheDirectory(process.env);
  const directory = await mkdtemp(join(tmpdir(), "zeko-bench-"));
  const timeline = new Timeline((line) => process.stderr.write(line));
  const options = {
    directory,
    validators: 4,
    slotDurationMs: 3_000,
    userBalance: 1_000n * NANOMINA,
    cacheDirectory,
  };
  const network = new LocalNetwork(options, { timeline });
  try {
    const settled = await settleTwoBatches(network, { cacheDirectory, timeline });
    yield { name: "start.once", value: timeline.seconds, unit: "s" };
    for (const { batch } of settled) {
      const { closed, accepted } = batch.reachedMs;
      yield { name: `start.once.batch${batch.number}`, value: (accepted! - closed!) / 1000, unit: "s" };
    }
    for (const [role, value] of Object.entries(network.peakMb()))
      yield { name: `memory.peak.${role}`, value, unit: "MB" };
  } finally {
    await network.down();
    await rm(directory, { recursive: true, force: true });
  }
}

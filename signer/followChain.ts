import type { BatchId, DaEventPage, DaReader, RollupId } from "../da/index.ts";
import type { Domain } from "../protocol/index.ts";
import { type Clock, type Logger, PageFollower } from "../service/index.ts";
import type { BatchRecord } from "./BatchRecord.ts";
import { countFault } from "./countFault.ts";
import { readSealed } from "./readSealed.ts";
import { SignerError } from "./SignerError.ts";
import type { SignerMetrics } from "./SignerMetrics.ts";
import type { SignerStore } from "./SignerStore.ts";
import type { SignerCrashPoint } from "./signerSteps.ts";

export type FollowChainOptions = {
  readonly rollup: RollupId;
  readonly domain: Domain;
  readonly pollIntervalMs: number;
  /** Batches under way above which the chain is not read on: a flood waits on the chain, not in memory. */
  readonly maxPending: number;
};

export type FollowChainModules = {
  readonly da: Pick<DaReader, "batch" | "watch">;
  readonly store: SignerStore;
  readonly pending: () => number;
  readonly onBatches: (batches: readonly BatchRecord[]) => void;
  readonly onCertified: (batch: BatchId, epoch: bigint) => Promise<void>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  readonly metrics: SignerMetrics;
  readonly crashPoint: (point: SignerCrashPoint) => void;
};

/** Reads the DA chain from where it stopped last time, and writes down each sealed batch before it moves on. */
export function followChain(
  options: FollowChainOptions,
  modules: FollowChainModules,
): PageFollower<DaEventPage> {
  const { da, store, metrics } = modules;
  const { rollup, pollIntervalMs } = options;
  return new PageFollower(
    {
      what: "DA chain",
      pages: async (signal) => da.watch({ from: await store.cursor(), rollup, signal, pollIntervalMs }),
      take: async (page, signal) => {
        await waitForRoom(options, modules, signal);
        await takePage(page, options, modules, signal).catch(countFault(metrics));
        metrics.cursor.set(page.next);
      },
    },
    modules,
  );
}

async function takePage(
  page: DaEventPage,
  options: FollowChainOptions,
  modules: FollowChainModules,
  signal: AbortSignal,
): Promise<void> {
  const { store, onBatches, onCertified, crashPoint } = modules;
  const sealed: BatchRecord[] = [];
  for (const event of page.events) {
    if (event.kind === "BatchSealed") sealed.push(await readBatch(event.batch, options, modules, signal));
  }
  if (sealed.length > 0) crashPoint("noticed:before");
  const fresh = await store.notice(sealed, page.next);
  if (fresh.length > 0) crashPoint("noticed:after");
  onBatches(fresh);
  for (const event of page.events) {
    if (event.kind === "CertificateRecorded") await onCertified(event.batch, event.epoch);
  }
}

/** @throws {SignerError} `SIGNER_NODE_BEHIND`, `SIGNER_BATCH_ID`: asked again, our node may do better */
async function readBatch(
  id: BatchId,
  { domain }: FollowChainOptions,
  modules: FollowChainModules,
  signal: AbortSignal,
): Promise<BatchRecord> {
  const batch = await readSealed(id, domain, modules, signal);
  // A node behind a load balancer may not know yet what another one has just told us.
  if (!batch) throw new SignerError("SIGNER_NODE_BEHIND", { batch: id });
  return batch;
}

async function waitForRoom(
  { maxPending }: FollowChainOptions,
  { pending, clock }: FollowChainModules,
  signal: AbortSignal,
): Promise<void> {
  while (pending() >= maxPending && !signal.aborted) await clock.sleep(100, signal);
}

import type { DaReader } from "../../da/index.ts";
import { type ExecutedBatch, ExecutionError, executeBatch } from "../../ledger/index.ts";
import { domainHash, type Payload, type State, stateHash, type ZkappCommand } from "../../protocol/index.ts";
import type { Clock, Logger } from "../../service/index.ts";
import type { BatchRecord, L1Place } from "../batches/BatchRecord.ts";
import { newBatch } from "../batches/newBatch.ts";
import type { BlockRecord, BlockSigner } from "../chain/BlockRecord.ts";
import { blockHash, genesisBlock } from "../chain/blockHash.ts";
import type { SnapshotStore } from "../chain/ReplicaSnapshots.ts";
import { RecoveryError } from "../errors/RecoveryError.ts";
import type { ArchivedBatch, BatchArchive } from "../ports/BatchArchive.ts";
import type { BatchProver } from "../ports/BatchProver.ts";
import type { SequencerStore } from "../store/SequencerStore.ts";
import { listArchive, pathTo } from "./archivedPath.ts";
import { type ArchiveRules, type Attested, attestedOnChain, payloadOf } from "./checkArchived.ts";

export interface RebuildOptions extends ArchiveRules {
  /** H(S) that L1 has accepted, and the block in which we read it. */
  readonly accepted: bigint;
  readonly place: L1Place;
}

export interface RebuildModules {
  readonly archive: BatchArchive;
  readonly da: Pick<DaReader, "batch" | "certificateOf">;
  readonly store: SequencerStore;
  readonly snapshots: SnapshotStore;
  readonly prover: Pick<BatchProver, "plan">;
  readonly signer: BlockSigner;
  readonly hashOf: (command: ZkappCommand) => Promise<string>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Rebuilt batches whose states are held: one for each L1 block that may be taken back, and some. */
const MAX_HELD = 600;

type Checked = Attested & { readonly payload: Payload; readonly data: Uint8Array };

/**
 * Rebuilds the history from one validator's copy: forward from our newest state to the one that L1 has accepted, then over
 * certified batches behind it that L1 has not seen yet, so that these are not lost.
 *
 * The validator is believed nothing: ids and chunk roots are the DA chain's, certificates are verified, every batch is
 * executed, and the path ends in L1's own state. Each batch is kept as it is checked, so this can be interrupted.
 *
 * @returns how many batches were rebuilt
 * @throws {RecoveryError} each code but `RECOVERY_NO_SOURCE`; {DaError}; {RemoteError}
 */
export async function rebuild(options: RebuildOptions, modules: RebuildModules): Promise<number> {
  const { archive, snapshots, log } = modules;
  const start = snapshots.newest.state;
  const listed = await listArchive(archive, start.batch);
  const certified = (batch: ArchivedBatch) => attestedOnChain(batch, options, modules.da);
  const path = await pathTo(listed, start, options.accepted, certified);
  for (const [i, candidates] of path.entries()) {
    const batch = await firstGood(candidates, options, modules);
    await keep(batch, { step: "accepted", accepted: options.place }, options, modules);
    // No reorganisation that we follow takes back so many: the states before need not be held.
    const old = await modules.store.batch(start.batch + BigInt(i + 1 - MAX_HELD));
    if (old) await snapshots.finalize(old.target);
    log.info("batch rebuilt", { batch: batch.posting.header.number, of: start.batch + BigInt(path.length) });
  }
  return path.length + (await adoptSuccessors(listed, options, modules));
}

/** Certified batches behind L1's state: a sequencer before us has promised their blocks, and validators hold them. */
async function adoptSuccessors(
  listed: readonly ArchivedBatch[],
  options: RebuildOptions,
  modules: RebuildModules,
): Promise<number> {
  const { snapshots, log } = modules;
  for (let count = 0; ; count++) {
    const tip = stateHash(snapshots.newest.state);
    const candidates = listed.filter(({ header }) => header.source === tip);
    if (candidates.length === 0) return count;
    try {
      const batch = await firstGood(candidates, options, modules);
      await keep(batch, { step: "sealed" }, options, modules);
      log.info("batch adopted", { batch: batch.posting.header.number });
    } catch (error) {
      // Nothing that L1 has accepted hangs on it.
      if (!(error instanceof RecoveryError)) throw error;
      log.warn("batch not adopted", { code: error.code });
      return count;
    }
  }
}

/** The first of rivals that stands every check; the first one's fault when none does. */
async function firstGood(
  candidates: readonly ArchivedBatch[],
  options: RebuildOptions,
  modules: RebuildModules,
): Promise<Checked> {
  let fault: RecoveryError | undefined;
  for (const candidate of candidates) {
    try {
      return await check(candidate, options, modules);
    } catch (error) {
      if (!(error instanceof RecoveryError)) throw error;
      fault ??= error;
    }
  }
  throw fault!;
}

async function check(
  batch: ArchivedBatch,
  options: RebuildOptions,
  { archive, da }: RebuildModules,
): Promise<Checked> {
  const attested = await attestedOnChain(batch, options, da);
  const data = await archive.data(batch.id);
  if (!data) throw new RecoveryError("RECOVERY_PATH_MISSING", { state: batch.header.target });
  return { ...attested, data, payload: payloadOf(data, attested.posting, domainHash(options.domain)) };
}

async function keep(
  { posting, certificate, payload, data }: Checked,
  reached: Pick<BatchRecord, "step" | "accepted">,
  options: RebuildOptions,
  modules: RebuildModules,
): Promise<void> {
  const { store, snapshots, prover, clock } = modules;
  const executed = execute(posting.id, payload, modules);
  const blocks = await blocksOf(payload, executed.source.state, options, modules);
  const place = { firstBlock: executed.source.state.blockCount + 1n, nowMs: clock.now() };
  const { record, inputs } = newBatch(executed, prover.plan(executed), place);
  const rebuilt: BatchRecord = { ...record, ...reached, posting, certificate };
  // With what its proofs are made from, until it is final: L1 may yet take back what it has accepted.
  await store.addBatch(rebuilt, inputs, { blocks, data });
  await snapshots.append(executed);
}

function execute(id: string, payload: Payload, { snapshots }: RebuildModules): ExecutedBatch {
  const want = stateHash(payload.target);
  try {
    const executed = executeBatch(snapshots.newest, payload, { traces: true });
    const got = stateHash(executed.target.state);
    if (got === want) return executed;
    throw new RecoveryError("RECOVERY_STATE_MISMATCH", { batch: id, want, got });
  } catch (cause) {
    if (!(cause instanceof ExecutionError)) throw cause;
    throw new RecoveryError("RECOVERY_STATE_MISMATCH", { batch: id, want, got: 0n }, { cause });
  }
}

/** The batch's blocks as they were, signed anew: a payload carries no signatures of blocks. */
async function blocksOf(
  payload: Payload,
  source: State,
  options: RebuildOptions,
  { store, signer, hashOf }: RebuildModules,
): Promise<BlockRecord[]> {
  const domain = domainHash(options.domain);
  const records: BlockRecord[] = [];
  let last = (await store.block(source.blockCount)) ?? genesisBlock(domain);
  for (const { slot, timestampMs, commands } of payload.blocks) {
    const transactions = await Promise.all(
      commands.map(async (command) => ({ hash: await hashOf(command), command })),
    );
    const body = { height: last.height + 1n, slot, timestampMs, parent: last.hash, transactions };
    const hash = blockHash(domain, body);
    last = { ...body, hash, signature: signer.sign(hash) };
    records.push(last);
  }
  return records;
}

import type { Clock, Logger } from "../../service/index.ts";
import { SequencerError } from "../errors/SequencerError.ts";
import type { BatchProver, ProofInput, StoredProof } from "../ports/BatchProver.ts";
import type { SequencerStore } from "../store/SequencerStore.ts";
import type { BatchRecord } from "./BatchRecord.ts";
import type { CrashPoint } from "./batchSteps.ts";

export interface ProveModules {
  readonly store: SequencerStore;
  readonly prover: BatchProver;
  readonly clock: Clock;
  readonly log: Logger;
  readonly queue: <T>(batch: bigint, task: () => Promise<T>) => Promise<T>;
  readonly crashPoint: (point: CrashPoint) => void;
  /** Ends the work between two proofs. */
  readonly signal: AbortSignal;
  /** The record as it stands, and its replacement: proof times are written with the proofs. */
  readonly update: (batch: BatchRecord, change: (batch: BatchRecord) => BatchRecord) => BatchRecord;
}

/**
 * Names of the proofs at the top of each part. A rotation brings another set's quorum, and another field that the commit
 * pins: these have names of their own, so that none is taken for the other.
 */
export const proofNames = {
  join: "join",
  quorum: (epoch: bigint) => `quorum.${epoch}`,
  /** @param validators field 6 @param epoch of the set whose quorum it holds */
  commit: (validators: bigint, epoch: bigint) => `commit.${epoch}.${validators.toString(16)}`,
} as const;

/**
 * certified → ledgerProved, → indexProved: one binary tree of proofs, leaves first, left to right. Every proof is stored as
 * it lands, and none that is stored is made again.
 */
export async function proveTree(
  batch: BatchRecord,
  tree: "ledger" | "index",
  modules: ProveModules,
): Promise<StoredProof> {
  const { prover } = modules;
  const leaf = (input: ProofInput) =>
    tree === "ledger" ? prover.ledgerLeaf(input) : prover.indexLeaf(input);
  const merge = (left: StoredProof, right: StoredProof) =>
    tree === "ledger" ? prover.mergeLedger(left, right) : prover.mergeIndex(left, right);
  let level: StoredProof[] = [];
  for (let i = 0; i < batch.leaves[tree]; i++) {
    const name = `${tree}.0.${i}`;
    level.push(await prove(batch, name, modules, async () => leaf(await inputOf(batch, name, modules))));
  }
  for (let height = 1; level.length > 1; height++) {
    const above: StoredProof[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const [left, right] = [level[i], level[i + 1]];
      // An odd last proof moves up unchanged, as in the other trees of this house.
      if (i + 1 === level.length) above.push(left);
      else above.push(await prove(batch, `${tree}.${height}.${i / 2}`, modules, () => merge(left, right)));
    }
    level = above;
  }
  return level[0];
}

/** indexProved → wrapped. */
export async function proveJoin(batch: BatchRecord, modules: ProveModules): Promise<StoredProof> {
  return await prove(batch, proofNames.join, modules, async () => {
    const ledger = await proveTree(batch, "ledger", modules); // from the store
    const index = await proveTree(batch, "index", modules);
    return await modules.prover.join(await inputOf(batch, proofNames.join, modules), ledger, index);
  });
}

/** The stored proof of this name, or a new one, stored. */
export async function prove(
  batch: BatchRecord,
  name: string,
  { store, clock, log, queue, crashPoint, signal, update }: ProveModules,
  make: () => Promise<StoredProof>,
): Promise<StoredProof> {
  const stored = await store.proof(batch.number, name);
  if (stored !== undefined) return stored;
  return await queue(batch.number, async () => {
    signal.throwIfAborted();
    const began = clock.now();
    const proof = await make();
    const seconds = (clock.now() - began) / 1000;
    const record = update(batch, (standing) => ({
      ...standing,
      proofSeconds: { ...standing.proofSeconds, [name]: seconds },
    }));
    await store.putProof(record, name, proof);
    crashPoint("proof");
    log.info("proved", { batch: batch.number, proof: name, seconds });
    return proof;
  });
}

async function inputOf(batch: BatchRecord, name: string, { store }: ProveModules): Promise<ProofInput> {
  const input = await store.input(batch.number, name);
  if (input === undefined)
    throw new SequencerError("SEQUENCER_STORE_CORRUPT", {
      what: `batch ${batch.number} has no input ${name}`,
    });
  return input;
}

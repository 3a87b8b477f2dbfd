import type { ExecutedBatch } from "../../ledger/index.ts";
import { contextHash, type LedgerConstants } from "../../protocol/index.ts";
import { type AccountsInput, INSERTS_PER_PROOF, indexAfter, indexStart } from "../indexed/index.ts";
import { afterFees, ledgerLeaves, STEPS_PER_PROOF } from "../ledger/index.ts";
import type { ProofJson } from "../outer/index.ts";
import type { JoinInput } from "../wrapper/index.ts";
import type { ProofJob, Prover } from "./Prover.ts";

/** Where finished proofs of one batch are kept, so that a restart does not make them again. */
export interface BatchProofs {
  get(name: string): Promise<ProofJson | null>;
  /** Resolves once the proof is safe. */
  put(name: string, proof: ProofJson): Promise<void>;
}

/** Everything that has to be proved about a batch, in plain numbers. */
export interface BatchPlan {
  /** Ledger ranges in order: the `signed` ones, then `fees`. */
  readonly ledger: readonly ProofJob[];
  /** Index ranges in order; one at least. */
  readonly index: readonly ProofJob[];
  readonly join: JoinInput;
}

/** @param batch executed with `traces: true` */
export function planBatch(batch: ExecutedBatch, constants: LedgerConstants): BatchPlan {
  const { source, target, traces, blocks } = batch;
  if (!traces) throw new RangeError("the batch was executed without traces");
  const { signed, fees } = ledgerLeaves(
    { context: constants, source: source.state, traces },
    STEPS_PER_PROOF,
  );
  const inserts = indexLeaves(batch, constants);
  return {
    ledger: [
      ...signed.map((input): ProofJob => ({ program: "ledger", branch: "signed", input })),
      { program: "ledger", branch: "fees", input: fees },
    ],
    index: inserts.map((input): ProofJob => ({ program: "index", branch: "accounts", input })),
    join: {
      source: source.state,
      context: constants,
      ledgerEnd: afterFees(fees),
      indexEnd: indexAfter(inserts.at(-1)!),
      inner: { account: target.ledger.get(0n)!, path: target.ledger.path(0n) },
      blocks: BigInt(blocks.length),
    },
  };
}

function indexLeaves({ source, traces }: ExecutedBatch, constants: LedgerConstants): AccountsInput[] {
  const { inserts } = traces!;
  const leaves: AccountsInput[] = [];
  let from = indexStart(contextHash(constants), source.state);
  // A batch without new accounts still needs a proof that the map stayed as it was.
  for (let first = 0; first === 0 || first < inserts.length; first += INSERTS_PER_PROOF) {
    const leaf = { from, inserts: inserts.slice(first, first + INSERTS_PER_PROOF) };
    leaves.push(leaf);
    from = indexAfter(leaf);
  }
  return leaves;
}

/**
 * Proves a whole batch: all of the ledger's ranges, then the index's, then the join, so that each program's keys are
 * loaded once. Proofs that `proofs` has are not made again.
 *
 * @returns the wrapper's proof, which the outer contract takes
 * @throws {ProverError}, {ProofKeyError}
 */
export async function proveBatch(plan: BatchPlan, prover: Prover, proofs: BatchProofs): Promise<ProofJson> {
  const make = async (name: string, job: ProofJob): Promise<ProofJson> => {
    const known = await proofs.get(name);
    if (known) return known;
    const proof = await prover.prove(job);
    await proofs.put(name, proof);
    return proof;
  };
  const range = async (program: "ledger" | "index", jobs: readonly ProofJob[]): Promise<ProofJson> => {
    const leaves: ProofJson[] = [];
    for (const [i, job] of jobs.entries()) leaves.push(await make(`${program}.${i}`, job));
    let [merged, ...rest] = leaves as [ProofJson, ...ProofJson[]];
    for (const [i, second] of rest.entries()) {
      const input = { first: merged, second };
      merged = await make(`${program}.merge.${i}`, { program, branch: "merge", input });
    }
    return merged;
  };
  const ledger = await range("ledger", plan.ledger);
  const index = await range("index", plan.index);
  return make("wrapper", { program: "wrapper", branch: "join", input: { ...plan.join, ledger, index } });
}

/** Keeps proofs in memory: for tests and scripts, which start again from nothing. */
export function proofsInMemory(): BatchProofs {
  const kept = new Map<string, ProofJson>();
  return {
    get: async (name) => kept.get(name) ?? null,
    put: async (name, proof) => void kept.set(name, proof),
  };
}

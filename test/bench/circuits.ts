import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ChildProver,
  type CommitTransaction,
  circuitShapes,
  compileKeys,
  defaultCacheDirectory,
  type ProgramName,
  type ProofJob,
  type ProofJson,
  type Prover,
  type ProvingCost,
  planBatch,
  programNames,
  proofsInMemory,
  proveBatch,
  proverOptions,
} from "../../circuits/index.ts";
import { ledgerConstants, outerAfterCommit, publicKeyToBase58 } from "../../protocol/index.ts";
import type { Bench } from "../../scripts/bench/loadBenches.ts";
import {
  attested,
  commitOf,
  emptyBatch,
  firstBatch,
  outerKey as gasKey,
  genesis,
  outerStart,
  planInSmallSteps,
  sequencer,
} from "../proofs/support/rollupFixture.ts";

const cacheDirectory = defaultCacheDirectory(process.env);
type Figures = AsyncGenerator<{ name: string; value: number; unit: string }>;

/**
 * Circuits: rows, key making and proving. Every proof comes from a child process as in production; what a bench of one
 * program needs from others is proved as well, and not reported.
 */
export const benches: readonly Bench[] = [
  { name: "rows", run: rows },
  ...programNames.map((program): Bench => ({ name: `compile.${program}`, run: () => compile(program) })),
  ...programNames.map((program): Bench => ({ name: `prove.${program}`, run: () => prove(program) })),
  ...programNames.map(
    (program): Bench => ({ name: `memory.peak.prover-${program}`, run: () => memory(program) }),
  ),
];

async function* rows(): Figures {
  for (const [branch, shape] of Object.entries(await circuitShapes()))
    yield { name: `rows.${branch}`, value: shape.rows, unit: "rows" };
}

/** Cold: into an empty cache. Cached: from that same cache, in a new process. */
async function* compile(program: ProgramName): Figures {
  const empty = await mkdtemp(join(tmpdir(), "zeko-bench-"));
  try {
    for (const state of ["cold", "cached"]) {
      const options = { ...proverOptions(empty), write: false, again: true, only: [program] };
      const [compiled] = await compileKeys(options);
      yield { name: `compile.${program}.${state}`, value: compiled!.compileMs / 1000, unit: "s" };
    }
  } finally {
    await rm(empty, { recursive: true });
  }
}

async function* prove(program: ProgramName): Figures {
  const best = new Map<string, number>();
  for (const cost of await costsOf(program)) {
    const name = `prove.${cost.program}.${cost.branch}`;
    best.set(name, Math.min(best.get(name) ?? Number.POSITIVE_INFINITY, cost.proveMs));
  }
  for (const [name, ms] of best) yield { name, value: ms / 1000, unit: "s" };
}

/** Largest resident set of the process that proves, over all branches of its program. */
async function* memory(program: ProgramName): Figures {
  const peaks = (await costsOf(program)).map(({ peakMb }) => peakMb);
  yield { name: `memory.peak.prover-${program}`, value: Math.max(...peaks), unit: "MB" };
}

/** Proves every branch of a program, some twice: the first proof of a process also warms it up. */
async function costsOf(program: ProgramName): Promise<ProvingCost[]> {
  const costs: ProvingCost[] = [];
  const prover = new ChildProver(proverOptions(cacheDirectory), { onCost: (cost) => costs.push(cost) });
  try {
    await branchesOf[program](prover);
  } finally {
    await prover.stop();
  }
  return costs.filter((cost) => cost.program === program);
}

const branchesOf: Record<ProgramName, (prover: Prover) => Promise<void>> = {
  async ledger(prover) {
    await proveRange(prover, "ledger", planInSmallSteps(firstBatch).ledger);
  },
  async index(prover) {
    await proveRange(prover, "index", planInSmallSteps(firstBatch).index);
  },
  async quorum(prover) {
    const input = attested(firstBatch);
    for (const branch of ["verify16", "verify16", "verify64", "verify64"] as const)
      await prover.prove({ program: "quorum", branch, input });
  },
  async wrapper(prover) {
    await proveEmptyBatch(prover);
  },
  async outer(prover) {
    const wrapper = await proveEmptyBatch(prover);
    const quorum = await prover.prove({ program: "quorum", branch: "verify16", input: attested(emptyBatch) });
    await prover.transaction({ program: "outer", branch: "commit", input: commit(wrapper, quorum) });
  },
  async gas(prover) {
    const feePayer = { publicKey: publicKeyToBase58(sequencer.publicKey), fee: 1n, nonce: 0n };
    const account = publicKeyToBase58(gasKey.publicKey);
    const input = { gasKey: account, recipient: 7n, amount: 5_000_000_000n, feePayer, validUntil: null };
    for (let proof = 0; proof < 2; proof++)
      await prover.transaction({ program: "gas", branch: "lock", input });
  },
};

async function proveRange(
  prover: Prover,
  program: "ledger" | "index",
  jobs: readonly ProofJob[],
): Promise<void> {
  const [first, second] = [await prover.prove(jobs[0]!), await prover.prove(jobs[1]!)];
  await prover.prove({ program, branch: "merge", input: { first, second } });
}

function proveEmptyBatch(prover: Prover): Promise<ProofJson> {
  return proveBatch(planBatch(emptyBatch, ledgerConstants(genesis)), prover, proofsInMemory());
}

/** The empty batch on its own: nothing here looks at what L1 holds. */
function commit(wrapper: ProofJson, quorum: ProofJson): CommitTransaction {
  const feePayer = { publicKey: publicKeyToBase58(sequencer.publicKey), fee: 1n, nonce: 0n };
  const outer = outerAfterCommit(outerStart, firstBatch.target.state, firstBatch.landBy);
  return commitOf(emptyBatch, outer, { wrapper, quorum }, feePayer);
}

import { homedir } from "node:os";
import { join } from "node:path";
import { type ProgramName, ProofKeyError } from "../keys/index.ts";
import type { ProofJson } from "../outer/index.ts";
import type { WorkerMessage } from "./messages.ts";
import type { ProofJob, Prover, ProverJob, ProvingCost, TransactionJob } from "./Prover.ts";
import { ProverError } from "./ProverError.ts";
import { ProcessLost, ProverProcess } from "./ProverProcess.ts";

/** A next job of the same program comes this soon, or not for a while. */
const NEXT_JOB_MS = 250;

/** Version of the library whose keys are cached; another one makes other keys. */
const KEY_CACHE = "o1js-2.15.0";

export interface ProverOptions {
  /** Holds the key cache; one proof at a time is made for each such directory. */
  readonly cacheDirectory: string;
  /** For one proof, with its keys loaded. */
  readonly proofLimitMs: number;
  /** For loading or making a program's keys. */
  readonly compileLimitMs: number;
  readonly memoryLimitMb: number;
  /** Keep a process this long after its last job, unless another one wants the slot. */
  readonly idleMs: number;
  /**
   * For how long jobs of one program may follow each other while another process wants the slot. Giving way after each
   * job would have both load their keys again each time.
   */
  readonly turnMs: number;
  /** The worker's script; ours unless a test brings its own. */
  readonly script?: string;
}

export interface ProverModules {
  /** Told after every job. */
  readonly onCost?: (cost: ProvingCost) => void;
  /** Told when a process starts to load its keys, which takes seconds, or minutes when there are none yet. */
  readonly onCompile?: (program: ProgramName) => void;
}

/** `ZEKO_CACHE_DIR`, or .cache/zeko at home. */
export function defaultCacheDirectory(environment: Readonly<Record<string, string | undefined>>): string {
  return environment.ZEKO_CACHE_DIR ?? join(homedir(), ".cache", "zeko");
}

export function keyCacheOf(cacheDirectory: string): string {
  return join(cacheDirectory, KEY_CACHE);
}

/** Measured: the widest program takes 4 GB and its proofs under a minute on two cores; docs/operators.md. */
export function proverOptions(cacheDirectory: string): ProverOptions {
  return {
    cacheDirectory,
    proofLimitMs: 300_000,
    compileLimitMs: 1_200_000,
    memoryLimitMb: 10_000,
    idleMs: 60_000,
    turnMs: 240_000,
  };
}

/**
 * Proves in a child process, which keeps its keys for as long as jobs of one program follow each other. One such process
 * is alive on the machine at a time, also when several roles prove: they take turns.
 */
export class ChildProver implements Prover {
  readonly #options: ProverOptions;
  readonly #modules: ProverModules;
  #process: ProverProcess | undefined;
  #busy = false;
  #stopped = false;
  #idle: NodeJS.Timeout | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: ProverOptions, modules: ProverModules = {}) {
    this.#options = options;
    this.#modules = modules;
  }

  async prove(job: ProofJob): Promise<ProofJson> {
    return (await this.#enqueue(job)) as ProofJson;
  }

  async transaction(job: TransactionJob): Promise<string> {
    return (await this.#enqueue(job)) as string;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#end();
    await this.#queue.catch(() => {});
  }

  #enqueue(job: ProverJob): Promise<unknown> {
    const done = this.#queue.then(() => this.#run(job));
    this.#queue = done.catch(() => {}); // whoever asked gets the error; the next job goes on
    return done;
  }

  async #run(job: ProverJob): Promise<unknown> {
    clearTimeout(this.#idle);
    this.#busy = true;
    try {
      if (this.#stopped) throw stoppedError(job);
      const compileMs = await this.#ready(job);
      return await this.#ask(job, compileMs);
    } catch (error) {
      await this.#end(); // what a failed job leaves behind in the process is nobody's business to guess
      throw this.#stopped ? stoppedError(job, error) : this.#coded(job, error);
    } finally {
      this.#busy = false;
      this.#rest();
    }
  }

  /** @returns how long the keys took, 0 when the process at hand has them */
  async #ready(job: ProverJob): Promise<number> {
    if (this.#process?.options.program === job.program && !this.#turnIsOver()) return 0;
    await this.#end();
    const { cacheDirectory, compileLimitMs, memoryLimitMb, script } = this.#options;
    const started = new ProverProcess({
      program: job.program,
      task: "prove",
      keyCache: keyCacheOf(cacheDirectory),
      slotDirectory: cacheDirectory,
      memoryLimitMb,
      ...(script !== undefined && { script }),
    });
    this.#process = started;
    started.onWanted = () => {
      if (!this.#busy) this.#rest();
    };
    this.#modules.onCompile?.(job.program);
    const answer = await started.ready(compileLimitMs);
    if (answer.kind === "mismatch") {
      const { program, pinned, compiled } = answer;
      throw new ProofKeyError("PROOF_KEY_MISMATCH", { program, pinned, compiled });
    }
    if (answer.kind !== "ready") throw new ProcessLost({ exit: `an unexpected "${answer.kind}"` });
    return answer.compileMs;
  }

  async #ask(job: ProverJob, compileMs: number): Promise<unknown> {
    const { branch, program, input } = job;
    const answer: WorkerMessage = await this.#process!.ask({ branch, input }, this.#options.proofLimitMs);
    if (answer.kind === "refused") {
      throw new ProverError("CIRCUIT_REFUSED", { program, branch, assertion: answer.assertion });
    }
    if (answer.kind !== "done") throw new ProcessLost({ exit: `an unexpected "${answer.kind}"` });
    const { result, proveMs, peakMb } = answer;
    this.#modules.onCost?.({ program, branch, proveMs, compileMs, peakMb });
    return result;
  }

  /** After a job: the process ends when nobody needs it for a while, and soon when somebody waits. */
  #rest(): void {
    const waitMs = this.#process?.wantedMs === undefined ? this.#options.idleMs : NEXT_JOB_MS;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => void this.#yield(), this.#turnIsOver() ? 0 : waitMs);
    this.#idle.unref();
  }

  #turnIsOver(): boolean {
    return (this.#process?.wantedMs ?? 0) > this.#options.turnMs;
  }

  async #yield(): Promise<void> {
    if (!this.#busy) await this.#end();
  }

  async #end(): Promise<void> {
    clearTimeout(this.#idle);
    const ending = this.#process;
    this.#process = undefined;
    await ending?.kill();
  }

  #coded(job: ProverJob, error: unknown): unknown {
    if (!(error instanceof ProcessLost)) return error;
    const { program, branch } = job;
    const { proofLimitMs, memoryLimitMb } = this.#options;
    const { fault } = error;
    if (fault === "time") return new ProverError("PROVER_TIME", { program, branch, limitMs: proofLimitMs });
    if (fault === "memory")
      return new ProverError("PROVER_MEMORY", { program, branch, limitMb: memoryLimitMb });
    return new ProverError("PROVER_DIED", { program, branch, exit: fault.exit });
  }
}

function stoppedError({ program, branch }: ProverJob, cause?: unknown): ProverError {
  return new ProverError("PROVER_STOPPED", { program, branch }, { cause });
}

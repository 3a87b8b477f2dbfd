import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { ProofJson } from "../../circuits/index.ts";
import { SequencerError } from "../errors/SequencerError.ts";

export interface QuorumQuestion {
  readonly id: number;
  readonly proof: ProofJson;
}
export interface QuorumAnswer {
  readonly id: number;
  readonly good: boolean;
}

type Waiting = { readonly resolve: (good: boolean) => void; readonly reject: (error: Error) => void };

/** Checks proofs of `QuorumProgram` in a process of its own, begun at the first question and again after its death. */
export class QuorumVerifier {
  readonly #waiting = new Map<number, Waiting>();
  #child: ChildProcess | undefined;
  #next = 0;

  /**
   * Whether this is a quorum proof over `message` by the set of this hash. False for anything malformed.
   * @throws {SequencerError} `QUORUM_CHECK_LOST`
   */
  async check(proof: unknown, message: bigint, setHash: bigint): Promise<boolean> {
    if (!isProof(proof)) return false;
    const { publicInput, publicOutput } = proof;
    if (publicInput[0] !== message.toString() || publicOutput[0] !== setHash.toString()) return false;
    this.#child ??= this.#begin();
    const id = this.#next++;
    const answer = new Promise<boolean>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#child.send({ id, proof } satisfies QuorumQuestion);
    return await answer;
  }

  /** May be called twice. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    this.#forget(child);
    const ended = once(child, "exit");
    child.kill("SIGKILL"); // it holds nothing that could be lost
    await ended;
  }

  #begin(): ChildProcess {
    const child = fork(join(import.meta.dirname, "quorumVerifierProcess.ts"), {
      // Nothing of ours: neither secrets of the environment nor a debugger's port.
      env: { O1JS_BACKEND: "native" },
      execArgv: [],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    child.on("message", (message) => this.#settle(message as QuorumAnswer));
    child.on("exit", () => this.#forget(child));
    child.on("error", () => this.#forget(child));
    return child;
  }

  #settle({ id, good }: QuorumAnswer): void {
    this.#waiting.get(id)?.resolve(good);
    this.#waiting.delete(id);
  }

  #forget(child: ChildProcess): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    for (const { reject } of this.#waiting.values()) reject(new SequencerError("QUORUM_CHECK_LOST", {}));
    this.#waiting.clear();
  }
}

/** In the form that o1js writes; what is inside is for the process to find out. */
function isProof(proof: unknown): proof is ProofJson {
  const { publicInput, publicOutput, proof: text } = (proof ?? {}) as Partial<ProofJson>;
  return Array.isArray(publicInput) && Array.isArray(publicOutput) && typeof text === "string";
}

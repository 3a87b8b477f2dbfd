import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

export type ProofQuestion =
  | {
      readonly kind: "proof";
      readonly proof: string;
      readonly publicInput: readonly string[];
      readonly key: string;
    }
  | { readonly kind: "key"; readonly data: string; readonly hash: string }
  /** Computes what the first check of a key's proofs would wait for. */
  | { readonly kind: "warm"; readonly key: string };

export interface ProofAnswer {
  readonly id: number;
  readonly good: boolean;
}

/** Says whether proofs and verification keys are good. */
export interface ProofVerifier {
  ask(question: ProofQuestion): Promise<boolean>;
  close(): Promise<void>;
}

type Waiting = { readonly resolve: (good: boolean) => void; readonly reject: (error: Error) => void };

/** Asks a process of its own, begun at the first question and again after its death: blocks go on while it computes. */
export class ChildProofVerifier implements ProofVerifier {
  readonly #waiting = new Map<number, Waiting>();
  #child: ChildProcess | undefined;
  #next = 0;

  ask(question: ProofQuestion): Promise<boolean> {
    this.#child ??= this.#begin();
    const id = this.#next++;
    const answer = new Promise<boolean>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#child.send({ id, question });
    return answer;
  }

  async close(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL"); // it holds nothing that could be lost
    await ended;
  }

  #begin(): ChildProcess {
    const program = join(import.meta.dirname, "proofCheckerProcess.ts");
    const child = fork(program, {
      // Nothing of ours: neither secrets of the environment nor a debugger's port.
      env: { O1JS_BACKEND: "native" },
      execArgv: [],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    child.on("message", (message) => this.#settle(message as ProofAnswer));
    child.on("exit", () => this.#forget(child));
    child.on("error", () => this.#forget(child));
    return child;
  }

  #settle({ id, good }: ProofAnswer): void {
    this.#waiting.get(id)?.resolve(good);
    this.#waiting.delete(id);
  }

  #forget(child: ChildProcess): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    for (const { reject } of this.#waiting.values())
      reject(new Error("the process that checks proofs has ended"));
    this.#waiting.clear();
  }
}

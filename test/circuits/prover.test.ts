import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { readKey } from "../../circuits/keys/index.ts";
import {
  acquireProverSlot,
  ChildProver,
  compileKeys,
  keyCacheOf,
  type ProofJob,
  type ProverOptions,
} from "../../circuits/prover/index.ts";
import { hasCode } from "../support/hasCode.ts";
import { temporaryDirectory } from "../support/temporaryDirectory.ts";

const script = fileURLToPath(new URL("./fixtures/pretendWorker.ts", import.meta.url));
const provers: ChildProver[] = [];
afterEach(() => Promise.all(provers.splice(0).map((prover) => prover.stop())));

function proverAt(cacheDirectory: string, options: Partial<ProverOptions> = {}): ChildProver {
  const prover = new ChildProver({
    cacheDirectory,
    proofLimitMs: 60_000,
    compileLimitMs: 60_000,
    memoryLimitMb: 1_000,
    idleMs: 60_000,
    turnMs: 60_000,
    script,
    ...options,
  });
  provers.push(prover);
  return prover;
}

type Answer = { pid: number; program: string; input: unknown };
/** The pretended worker answers with who did the job, not with a proof. */
const ask = async (prover: ChildProver, input: unknown, program = "quorum"): Promise<Answer> =>
  (await prover.prove({ program, branch: "verify16", input } as unknown as ProofJob)) as unknown as Answer;

describe("prover", () => {
  it("keeps one process for consecutive jobs of one program, and starts another for another program", async () => {
    const prover = proverAt(temporaryDirectory());
    const [first, second] = [await ask(prover, 1), await ask(prover, 2)];
    const third = await ask(prover, 3, "ledger");
    assert.equal(first.pid, second.pid);
    assert.notEqual(second.pid, third.pid);
    assert.deepEqual([first.program, third.program], ["quorum", "ledger"]);
  });

  it("hands over big integers and bytes as they are, and answers in the order of asking", async () => {
    const prover = proverAt(temporaryDirectory());
    const inputs = [{ amount: 2n ** 80n }, Uint8Array.of(1, 2), "third"];
    const answers = await Promise.all(inputs.map((input) => ask(prover, input)));
    assert.deepEqual(
      answers.map(({ input }) => input),
      inputs,
    );
  });

  it("lets one process live at a time, whichever prover asks", async () => {
    const directory = temporaryDirectory();
    const [a, b] = [proverAt(directory), proverAt(directory)];
    const answers: Answer[] = [];
    for (const prover of [a, b, a, b]) {
      const answer = await ask(prover, 0);
      for (const { pid } of answers) assert.equal(pid !== answer.pid && isAlive(pid), false);
      answers.push(answer);
    }
    assert.equal(new Set(answers.map(({ pid }) => pid)).size, 4);
  });

  it("finishes its turn while another prover waits, and ends it when the turn was long enough", async () => {
    const directory = temporaryDirectory();
    const [a, b] = [proverAt(directory), proverAt(directory)];
    const { pid } = await ask(a, 1);
    const waiting = ask(b, 0);
    const turn = await Promise.all([ask(a, 2), ask(a, 3), ask(a, 4)]);
    assert.deepEqual(
      turn.map((answer) => answer.pid),
      [pid, pid, pid],
    );
    await waiting;
    assert.equal(isAlive(pid), false);
  });

  const faults: [name: string, input: string, options: Partial<ProverOptions>, code: string][] = [
    ["a statement that is false", "refuse", {}, "CIRCUIT_REFUSED"],
    ["a process that ends by itself", "die", {}, "PROVER_DIED"],
    ["a proof that takes too long", "hang", { proofLimitMs: 300 }, "PROVER_TIME"],
    ["a proof that takes too much memory", "grow", { memoryLimitMb: 400 }, "PROVER_MEMORY"],
  ];
  for (const [name, input, options, code] of faults) {
    it(`reports ${name}, and works on with a new process`, async () => {
      const prover = proverAt(temporaryDirectory(), options);
      const before = await ask(prover, 1);
      await assert.rejects(ask(prover, input), hasCode(code));
      assert.equal(isAlive(before.pid), false);
      assert.equal((await ask(prover, 2)).input, 2);
    });
  }

  it("gives the circuit's own text with a refusal", async () => {
    await assert.rejects(
      ask(proverAt(temporaryDirectory()), "refuse"),
      /quorum.verify16 refused its input: not true/,
    );
  });

  it("reports a process that somebody kills in the middle of a proof, and works on with a new one", async () => {
    const prover = proverAt(temporaryDirectory());
    const { pid } = await ask(prover, 1);
    const lost = ask(prover, "hang");
    const next = ask(prover, 2);
    process.kill(pid, "SIGKILL");
    await assert.rejects(lost, hasCode("PROVER_DIED"));
    assert.equal((await next).input, 2);
  });

  it("refuses a program whose key is not the pinned one", async () => {
    await assert.rejects(ask(proverAt(temporaryDirectory()), 1, "index"), hasCode("PROOF_KEY_MISMATCH"));
  });

  it("gives up on keys that take too long", async () => {
    const prover = proverAt(temporaryDirectory(), { compileLimitMs: 300 });
    await assert.rejects(ask(prover, 1, "wrapper"), hasCode("PROVER_TIME"));
  });

  it("stops in the middle of a proof, refuses what is still waiting, and may be stopped twice", async () => {
    const prover = proverAt(temporaryDirectory());
    const { pid } = await ask(prover, 1);
    const jobs = [ask(prover, "hang"), ask(prover, 2)].map((job) =>
      assert.rejects(job, hasCode("PROVER_STOPPED")),
    );
    await prover.stop();
    await Promise.all(jobs);
    assert.equal(isAlive(pid), false);
    await prover.stop();
  });

  it("ends its process when the parent is killed, however busy it is, and frees the slot", async () => {
    const directory = temporaryDirectory();
    const parent = fork(fileURLToPath(new URL("./fixtures/proverParent.ts", import.meta.url)), [
      directory,
      script,
    ]);
    await once(parent, "message"); // its worker is at work, and holds the slot
    const waiting = acquireProverSlot(directory);
    parent.kill("SIGKILL");
    const slot = await waiting;
    await slot.release();
  });
});

describe("pinned keys", () => {
  const options = () => ({
    cacheDirectory: temporaryDirectory(),
    compileLimitMs: 60_000,
    memoryLimitMb: 1_000,
    script,
    only: ["quorum"] as const,
  });

  it("refuses keys that differ from the pinned ones unless told to write them", async () => {
    await assert.rejects(compileKeys({ ...options(), write: false }), hasCode("PROOF_KEY_MISMATCH"));
  });

  it("skips a program whose pinned keys the cache has held before, unless told not to", async () => {
    const { hash } = readKey("quorum");
    const held = options();
    mkdirSync(keyCacheOf(held.cacheDirectory));
    writeFileSync(join(keyCacheOf(held.cacheDirectory), `quorum.${hash}.compiled`), "");
    const [skipped] = await compileKeys({ ...held, write: false });
    assert.deepEqual(skipped, { program: "quorum", hash, compileMs: 0, changed: false });
    await assert.rejects(compileKeys({ ...held, write: false, again: true }), hasCode("PROOF_KEY_MISMATCH"));
  });
});

/** A process that ended and was not yet asked for its exit code ("Z") is dead. */
function isAlive(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type KeyFile,
  keyPath,
  type ProgramName,
  ProofKeyError,
  programNames,
  readKey,
} from "../keys/index.ts";
import { keyCacheOf, type ProverOptions } from "./ChildProver.ts";
import { ProcessLost, ProverProcess } from "./ProverProcess.ts";

export interface CompileKeysOptions
  extends Pick<ProverOptions, "cacheDirectory" | "compileLimitMs" | "memoryLimitMb" | "script"> {
  /** Take what comes out as the pinned keys, instead of refusing what differs from them. */
  readonly write: boolean;
  /** Also compile programs whose pinned keys this cache has held before. */
  readonly again?: boolean;
  /** Programs to compile; all, in order, when absent. */
  readonly only?: readonly ProgramName[];
  readonly onStart?: (program: ProgramName) => void;
  readonly onDone?: (compiled: CompiledProgram) => void;
}

export interface CompiledProgram {
  readonly program: ProgramName;
  readonly hash: string;
  /** 0 when the cache has held these keys before, so that nothing was compiled. */
  readonly compileMs: number;
  /** Whether the pinned key was rewritten. */
  readonly changed: boolean;
}

/**
 * Compiles programs, each in a process of its own, and so fills the key cache. In the order in which they pin each
 * other's keys: a change in one shows in all that depend on it.
 *
 * @throws {ProofKeyError} `PROOF_KEY_MISMATCH`, `PROOF_KEY_NOT_PINNED` when not writing
 */
export async function compileKeys(options: CompileKeysOptions): Promise<CompiledProgram[]> {
  const compiled: CompiledProgram[] = [];
  for (const program of options.only ?? programNames) {
    const known = options.write || options.again ? null : knownHash(program, options.cacheDirectory);
    if (known === null) options.onStart?.(program);
    const done =
      known === null
        ? await compileOne(program, options)
        : { program, hash: known, compileMs: 0, changed: false };
    compiled.push(done);
    options.onDone?.(done);
  }
  return compiled;
}

async function compileOne(program: ProgramName, options: CompileKeysOptions): Promise<CompiledProgram> {
  const { cacheDirectory, memoryLimitMb, script } = options;
  const process = new ProverProcess({
    program,
    task: "compile",
    keyCache: keyCacheOf(cacheDirectory),
    slotDirectory: cacheDirectory,
    memoryLimitMb,
    ...(script !== undefined && { script }),
  });
  try {
    const answer = await process.ready(options.compileLimitMs);
    if (answer.kind !== "ready") throw new ProcessLost({ exit: `an unexpected "${answer.kind}"` });
    const { key, compileMs } = answer;
    await mkdir(keyCacheOf(cacheDirectory), { recursive: true });
    const changed = await pin({ program, ...key }, options.write);
    await writeFile(markerOf(program, key.hash, cacheDirectory), "");
    return { program, hash: key.hash, compileMs, changed };
  } finally {
    await process.kill();
  }
}

/**
 * Left beside the keys of a program once they were compiled and found to be the pinned ones. A cache that was cleared
 * since then costs time at the first proof, and nothing else: the marker says what may be skipped, not what is true.
 */
function markerOf(program: ProgramName, hash: string, cacheDirectory: string): string {
  return join(keyCacheOf(cacheDirectory), `${program}.${hash}.compiled`);
}

/** The pinned hash, if this cache has held its keys. */
function knownHash(program: ProgramName, cacheDirectory: string): string | null {
  const { hash } = readKey(program);
  return existsSync(markerOf(program, hash, cacheDirectory)) ? hash : null;
}

/** @returns whether the file changed */
async function pin(key: KeyFile, write: boolean): Promise<boolean> {
  const pinned = pinnedHash(key.program, write);
  if (pinned === key.hash) return false;
  if (!write)
    throw new ProofKeyError("PROOF_KEY_MISMATCH", {
      program: key.program,
      pinned: pinned!,
      compiled: key.hash,
    });
  await writeFile(keyPath(key.program), `${JSON.stringify(key, null, 2)}\n`);
  return true;
}

function pinnedHash(program: ProgramName, write: boolean): string | null {
  try {
    return readKey(program).hash;
  } catch (error) {
    if (write) return null;
    throw error;
  }
}

import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  compileKeys,
  keyCacheOf,
  type ProgramName,
  programNames,
  proverOptions,
  readKey,
} from "../../circuits/index.ts";

export interface ProofKeyEvents {
  readonly onStart: (program: ProgramName) => void;
  readonly onDone: (program: ProgramName, seconds: number) => void;
}

/**
 * Makes the proof keys that the cache does not have yet, minutes on a fresh machine. What was made once is only looked up:
 * every prover compares its key with the pinned one anyway.
 * @returns the programs whose keys were made now
 */
export async function ensureProofKeys(
  cacheDirectory: string,
  events: ProofKeyEvents,
): Promise<ProgramName[]> {
  const missing = programNames.filter((program) => !existsSync(markOf(cacheDirectory, program)));
  let current: ProgramName | undefined;
  await compileKeys({
    ...proverOptions(cacheDirectory),
    write: false,
    only: missing,
    onStart: (program) => {
      current = program;
      events.onStart(program);
    },
    onDone: ({ program, compileMs }) => events.onDone(program, compileMs / 1000),
  });
  if (current) await mkdir(join(cacheDirectory, "made"), { recursive: true });
  for (const program of missing) await writeFile(markOf(cacheDirectory, program), "");
  return missing;
}

/** An empty file that says: the cache holds the keys behind this verification key. */
function markOf(cacheDirectory: string, program: ProgramName): string {
  const version = keyCacheOf("").replaceAll("/", "");
  return join(cacheDirectory, "made", `${version}-${program}-${readKey(program).hash}`);
}

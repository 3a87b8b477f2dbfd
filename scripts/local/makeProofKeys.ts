import { compileKeys, proverOptions } from "../../circuits/index.ts";
import type { Timeline } from "./Timeline.ts";

/**
 * Makes the proof keys that the cache does not have yet, so that a fresh machine does it here, minutes long, and not in the
 * middle of a batch.
 * @returns what to tell
 */
export async function makeProofKeys(cacheDirectory: string, timeline: Timeline): Promise<string> {
  const compiled = await compileKeys({
    ...proverOptions(cacheDirectory),
    write: false,
    onStart: (program) => timeline.say(`  ${program}: making keys, which takes a minute or more`),
    onDone: ({ program, compileMs }) => {
      if (compileMs > 0) timeline.say(`  ${program}: ${(compileMs / 1000).toFixed(1)} s`);
    },
  });
  const made = compiled.filter(({ compileMs }) => compileMs > 0).length;
  return made > 0 ? `${made} made` : "cached";
}

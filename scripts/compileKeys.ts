import { parseArgs } from "node:util";
import {
  compileKeys,
  defaultCacheDirectory,
  type ProgramName,
  programNames,
  proverOptions,
} from "../circuits/index.ts";

/**
 * Fills the key cache and checks the pinned verification keys: `node scripts/compileKeys.ts [--write] [--again]
 * [program…]`. `--again` also compiles programs whose pinned keys this cache has held before.
 * `--write` takes what comes out as the pinned keys; read the change of circuits/keys as code.
 */
const { values, positionals } = parseArgs({
  options: { write: { type: "boolean" }, again: { type: "boolean" } },
  allowPositionals: true,
});
const known = new Set<string>(programNames);
const strange = positionals.filter((name) => !known.has(name));
if (strange.length > 0) {
  console.error(`Unknown program ${strange.join(", ")}. Programs: ${programNames.join(", ")}.`);
  process.exit(2);
}

const started = performance.now();
const elapsed = () => `${((performance.now() - started) / 1000).toFixed(0)} s`.padStart(6);
let program = "";
const heartbeat = setInterval(() => console.log(`${elapsed()}  ${program}: at work`), 15_000);
try {
  await compileKeys({
    ...proverOptions(defaultCacheDirectory(process.env)),
    write: values.write ?? false,
    again: values.again ?? false,
    ...(positionals.length > 0 && { only: positionals as ProgramName[] }),
    onStart: (name) => {
      program = name;
      console.log(`${elapsed()}  ${name}: loading or making keys`);
    },
    onDone: ({ hash, compileMs, changed }) =>
      console.log(
        `${elapsed()}  ${program}: ${hash}${changed ? " (pinned)" : ""}, ${(compileMs / 1000).toFixed(1)} s`,
      ),
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  clearInterval(heartbeat);
}

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { ConfigError, exitCodes, resolveConfig } from "../service/index.ts";
import { Baseline } from "./bench/Baseline.ts";
import { benchOptions } from "./bench/benchOptions.ts";
import type { Figure } from "./bench/Figure.ts";
import { loadBenches } from "./bench/loadBenches.ts";
import { runBench } from "./bench/runBench.ts";
import { selects } from "./bench/selects.ts";

/**
 * Prints every figure as a JSON object a line on standard output, and on standard error what moved against
 * docs/benchmarks.json: `npm run bench -- --only prove.quorum`.
 */
const root = join(import.meta.dirname, "..");
const baselineFile = join(root, "docs/benchmarks.json");

process.exit(await main(process.argv.slice(2)));

async function main(flags: string[]): Promise<number> {
  try {
    const { values, positionals } = resolveConfig(benchOptions, { flags }, { positionals: [0, 2] });
    if (values.child) return await runChild(positionals[0]!, positionals[1]!);
    const places = (await loadBenches(root)).filter(({ bench }) => selects(values.only, bench.name));
    if (values.list) process.stdout.write(places.map(({ bench }) => `${bench.name}\n`).join(""));
    return values.list ? exitCodes.ok : await runAll(places, values);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\ncode: ${error.code}\n`);
    return exitCodes.usage;
  }
}

async function runAll(
  places: Awaited<ReturnType<typeof loadBenches>>,
  { only, write }: { only: string; write: boolean },
) {
  const about = {
    machine: `${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    commit: commit(),
  };
  const baseline = Baseline.read(baselineFile);
  const figures: Figure[] = [];
  let failed = 0;
  for (const { file, bench } of places) {
    try {
      for await (const figure of runBench(import.meta.filename, file, bench.name)) {
        if (!figure.name.startsWith(only)) continue;
        figures.push(figure);
        process.stdout.write(`${JSON.stringify({ ...figure, ...about })}\n`);
      }
    } catch (error) {
      failed++;
      process.stderr.write(`failed: ${(error as Error).message}\n`);
    }
  }
  for (const figure of figures) {
    const line = baseline.moved(figure);
    if (line) process.stderr.write(`${line}\n`);
  }
  if (write) writeFileSync(baselineFile, `${JSON.stringify(baseline.with(figures), null, 2)}\n`);
  return failed === 0 ? exitCodes.ok : exitCodes.failed;
}

async function runChild(file: string, name: string): Promise<number> {
  const place = (await loadBenches(root, file)).find(({ bench }) => bench.name === name);
  if (!place) return exitCodes.usage;
  for await (const figure of place.bench.run()) process.stdout.write(`${JSON.stringify(figure)}\n`);
  return exitCodes.ok;
}

function commit(): string {
  try {
    return execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: root, encoding: "utf8" }).trim();
  } catch {
    return "unknown"; // an unpacked archive has no history
  }
}

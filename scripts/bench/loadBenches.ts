import { globSync } from "node:fs";
import { join } from "node:path";
import type { Figure } from "./Figure.ts";

/** Something that yields figures whose names begin with `name`. */
export interface Bench {
  readonly name: string;
  readonly run: () => AsyncIterable<Figure> | Iterable<Figure>;
}

/** A bench of exactly one figure. */
export interface Benchmark {
  readonly name: string;
  readonly unit: string;
  readonly measure: () => number | Promise<number>;
}

/** Where a bench is, so that a process of its own can run it. */
export interface BenchPlace {
  readonly file: string;
  readonly bench: Bench;
}

/**
 * Every bench of test/bench: its files export `benches`, `benchmarks` or both, and load what is heavy only when run.
 *
 * @param pattern which files to look at
 */
export async function loadBenches(root: string, pattern = "test/bench/*.ts"): Promise<BenchPlace[]> {
  const found: BenchPlace[] = [];
  for (const file of globSync(pattern, { cwd: root }).sort()) {
    const { benches = [], benchmarks = [] } = (await import(join(root, file))) as {
      benches?: readonly Bench[];
      benchmarks?: readonly Benchmark[];
    };
    for (const bench of [...benches, ...benchmarks.map(asBench)]) found.push({ file, bench });
  }
  return found;
}

function asBench({ name, unit, measure }: Benchmark): Bench {
  return {
    name,
    async *run() {
      yield { name, value: await measure(), unit };
    },
  };
}

import { existsSync, readFileSync } from "node:fs";
import type { Figure } from "./Figure.ts";

/** Figures of an earlier run, in docs/benchmarks.json. */
export class Baseline {
  readonly #figures: ReadonlyMap<string, Figure>;

  constructor(figures: readonly Figure[]) {
    this.#figures = new Map(figures.map((figure) => [figure.name, figure]));
  }

  static read(file: string): Baseline {
    return new Baseline(existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Figure[]) : []);
  }

  /** A line for people when a figure moved by more than a tenth, or is new; null otherwise. */
  moved({ name, value, unit }: Figure): string | null {
    const before = this.#figures.get(name);
    if (!before) return `${name}: ${round(value)} ${unit} (no baseline)`;
    const change = value / before.value - 1;
    if (Math.abs(change) <= 0.1) return null;
    return `${name}: ${round(before.value)} → ${round(value)} ${unit} (${change > 0 ? "+" : ""}${Math.round(change * 100)} %)`;
  }

  /** The figures with those of a new run in their places, by name. */
  with(figures: readonly Figure[]): Figure[] {
    const all = new Map([...this.#figures, ...figures.map((figure) => [figure.name, figure] as const)]);
    return [...all.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}

function round(value: number): string {
  return String(Number(value.toPrecision(4)));
}

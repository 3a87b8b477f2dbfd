import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { addStatementCoverageInstrumentation, latestSupportedSolidityVersion } from "@nomicfoundation/edr";
import type { MarkedSource } from "./markBranches.ts";

/** Of one file: how many there are, how many were executed, and which lines hold the rest. */
export interface FileCoverage {
  readonly file: string;
  readonly lines: number;
  readonly executedLines: number;
  readonly branches: number;
  readonly takenBranches: number;
  /** Such as `120`, or `131 not taken`. */
  readonly missing: readonly string[];
}

/** Tags of statements that were executed, as Hardhat's test runner keeps them. */
export function executedTags(coverageDirectory: string): Set<string> {
  const data = join(coverageDirectory, "data", "nodejs");
  const files = readdirSync(data).map((name) => readFileSync(join(data, name), "utf8"));
  return new Set(files.flatMap((text) => Object.keys(JSON.parse(text) as Record<string, number>)));
}

/** A line counts when a statement begins on it; a branch is taken when the first statement in it was executed. */
export function coverageOf(
  file: string,
  sourceName: string,
  { source, branches }: MarkedSource,
  executed: ReadonlySet<string>,
): FileCoverage {
  const { metadata } = addStatementCoverageInstrumentation(
    source,
    sourceName,
    latestSupportedSolidityVersion(),
  );
  const statements = metadata.map(({ tag, startUtf16 }) => ({
    at: behindTrivia(source, Number(startUtf16)),
    ran: executed.has(Buffer.from(tag).toString("hex")),
  }));
  const markers = new Set(branches.filter(({ taken }) => !taken).map(({ offset }) => offset));
  const lines = new Map<number, boolean>();
  for (const { at, ran } of statements) {
    if (isMarker(source, at, markers)) continue;
    const line = source.slice(0, at).split("\n").length;
    lines.set(line, (lines.get(line) ?? false) || ran);
  }
  const first = (offset: number) =>
    statements.filter(({ at }) => at >= offset).sort((a, b) => a.at - b.at)[0];
  const missed = branches.filter(({ offset }) => !first(offset)?.ran);
  return {
    file,
    lines: lines.size,
    executedLines: [...lines.values()].filter(Boolean).length,
    branches: branches.length,
    takenBranches: branches.length - missed.length,
    missing: [
      ...[...lines].filter(([, ran]) => !ran).map(([line]) => `${line}`),
      ...missed.map(({ line, taken }) => `${line} ${taken ? "not taken" : "always taken"}`),
    ],
  };
}

/** Statements are told with the space and the comments before them. */
function behindTrivia(source: string, at: number): number {
  const trivia = /(?:\s|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*/y;
  trivia.lastIndex = at;
  return at + (trivia.exec(source)?.[0].length ?? 0);
}

/** The statement that was put in for a body which the source does not have. */
function isMarker(source: string, at: number, markers: ReadonlySet<number>): boolean {
  return markers.has(source.lastIndexOf("{", at)) && /^(\{ )?0;/.test(source.slice(at, at + 5));
}

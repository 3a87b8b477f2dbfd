import { spawnSync } from "node:child_process";
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { coverageOf, executedTags, type FileCoverage } from "./contracts/coverage/coverageReport.ts";
import { type MarkedSource, markBranches } from "./contracts/coverage/markBranches.ts";

/**
 * Lines and branches of the contracts that their tests execute: `npm run coverage`. Fails below the floor.
 *
 * Hardhat counts statements, not branches. So the tests run on a copy in which both ways of every `if` hold a statement; lines
 * stay where they are. Conditional expressions and `&&` are no branches here; assembly counts as one statement.
 */
const FLOOR = 0.95;
const root = fileURLToPath(new URL("..", import.meta.url));
/** Those that deploy what was compiled; the rest compare files. */
const tests = [
  "batchInbox",
  "daFees",
  "gasVault",
  "governed",
  "minaSchnorr",
  "pallas",
  "validatorSet",
  "vectors",
];
const copied = [
  "contracts",
  "protocol",
  "ledger",
  "l1",
  "service",
  "test",
  "scripts",
  "da",
  "circuits",
  "gossip",
];

const directory = mkdtempSync(join(tmpdir(), "zeko-coverage-"));
try {
  process.exitCode = report(measure());
} finally {
  rmSync(directory, { recursive: true, force: true });
}

function measure(): FileCoverage[] {
  for (const name of [...copied, "package.json", "tsconfig.json"])
    cpSync(join(root, name), join(directory, name), { recursive: true });
  rmSync(join(directory, "test/contracts/invariants"), { recursive: true }); // would be compiled too
  symlinkSync(join(root, "node_modules"), join(directory, "node_modules"));
  writeFileSync(join(directory, "hardhat.config.ts"), coverageConfig());
  const marked = new Map<string, MarkedSource>();
  for (const file of globSync("contracts/**/*.sol", { cwd: root }).sort()) {
    if (/^contracts\/(test|generated|interfaces)\//.test(file)) continue;
    const source = markBranches(file, readFileSync(join(root, file), "utf8"));
    marked.set(file, source);
    writeFileSync(join(directory, file), source.source);
  }
  const files = tests.map((name) => `test/contracts/${name}.test.ts`);
  const hardhat = join(root, "node_modules/hardhat/dist/src/cli.js");
  // Its status tells of tests too, whose ceilings of gas instrumented code breaks; they pass without it elsewhere.
  spawnSync(process.execPath, [hardhat, "--coverage", "test", "nodejs", ...files], {
    cwd: directory,
    stdio: ["ignore", "inherit", "inherit"],
  });
  const executed = executedTags(join(directory, "coverage"));
  return [...marked].map(([file, source]) => coverageOf(file, `project/${file}`, source, executed));
}

/** With the runner that counts, and without the optimiser but for what finds room on the stack: it would take minutes. */
function coverageConfig(): string {
  const yulDetails = { stackAllocation: true, optimizerSteps: ":" };
  const details = { yul: true, inliner: false, cse: false, constantOptimizer: false, yulDetails };
  const optimizer = `optimizer: ${JSON.stringify({ enabled: true, runs: 1, details })}`;
  const text = readFileSync(join(root, "hardhat.config.ts"), "utf8")
    .replace("plugins: [hardhatEthers]", "plugins: [hardhatEthers, nodeTestRunner]")
    .replace("optimizer: { enabled: true, runs: 1_000_000 }", optimizer);
  return `import nodeTestRunner from "@nomicfoundation/hardhat-node-test-runner";\n${text}`;
}

function report(found: readonly FileCoverage[]): number {
  const sum = (of: (file: FileCoverage) => number) => found.reduce((total, file) => total + of(file), 0);
  const share = (part: number, whole: number) =>
    whole === 0 ? "–" : `${((100 * part) / whole).toFixed(1)}%`;
  for (const { file, lines, executedLines, branches, takenBranches, missing } of found) {
    if (lines === 0) continue;
    const figures = `${share(executedLines, lines)} of ${lines} lines, ${share(takenBranches, branches)} of ${branches} branches`;
    console.log(`${file}: ${figures}${missing.length > 0 ? `; missing: ${missing.join(", ")}` : ""}`);
  }
  const lines = sum(({ executedLines }) => executedLines) / sum(({ lines: all }) => all);
  const branches = sum(({ takenBranches }) => takenBranches) / sum(({ branches: all }) => all);
  console.log(`in all: ${(100 * lines).toFixed(1)}% of lines, ${(100 * branches).toFixed(1)}% of branches`);
  return lines >= FLOOR && branches >= FLOOR ? 0 : 1;
}

import { spawnSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultCacheDirectory } from "../circuits/index.ts";
import { type ExplainedFinding, findingsOf, unexplained } from "./contracts/analyse/findings.ts";
import { installSlither } from "./contracts/analyse/installSlither.ts";
import { writeSlitherProject } from "./contracts/analyse/writeSlitherProject.ts";

/**
 * Slither over the contracts: `npm run analyse`. Every finding is fixed, or explained in contracts/findings.json; it fails on
 * one that is neither, on an explanation of nothing, and where it cannot run. `-- --json` prints the findings.
 */
const ANALYSE_MS = 300_000;
const directory = mkdtempSync(join(tmpdir(), "zeko-slither-"));
try {
  process.exitCode = analyse();
} catch (error) {
  console.error(`The contracts were not analysed: ${(error as Error).message}`);
  process.exitCode = 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}

function analyse(): number {
  const slither = installSlither(defaultCacheDirectory(process.env));
  const contracts = globSync("contracts/**/*.sol").filter((file) => !file.startsWith("contracts/test/"));
  writeSlitherProject(directory, contracts.sort());
  const args = [
    ...[".", "--compile-force-framework", "hardhat", "--hardhat-ignore-compile"],
    ...[
      "--hardhat-artifacts-directory",
      "artifacts",
      "--filter-paths",
      "@openzeppelin",
      "--json",
      "report.json",
    ],
  ];
  // Its status counts findings; the report says whether it worked.
  const { error } = spawnSync(slither, args, { cwd: directory, timeout: ANALYSE_MS, stdio: "ignore" });
  if (error) throw error;
  const found = findingsOf(JSON.parse(readFileSync(join(directory, "report.json"), "utf8")));
  if (process.argv.includes("--json")) console.log(JSON.stringify(found, null, 2));
  const file = new URL("../contracts/findings.json", import.meta.url);
  const explained = JSON.parse(readFileSync(file, "utf8")) as ExplainedFinding[];
  const { fresh, stale } = unexplained(found, explained);
  for (const { check, where, count } of fresh)
    console.error(`not explained: ${check} in ${where}, ${count} times`);
  for (const { check, where, count } of stale)
    console.error(`explained, but not found: ${check} in ${where}, ${count} times`);
  console.log(
    `${found.length} findings, ${fresh.length} not explained, ${stale.length} explanations of nothing`,
  );
  return fresh.length + stale.length === 0 ? 0 : 1;
}

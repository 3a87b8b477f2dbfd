import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";

/** Prettier and solhint over the contracts; with `--write` Prettier puts them into shape first. */
const contracts = globSync("contracts/**/*.sol")
  .filter((file) => !file.startsWith("contracts/generated/"))
  .sort();
/** The runner finds them by names that the linter would not give. */
const tests = globSync("test/**/*.sol").sort();
const write = process.argv.includes("--write");
const runs = [
  [
    "prettier",
    "--log-level",
    "warn",
    "--plugin",
    "prettier-plugin-solidity",
    write ? "--write" : "--check",
    ...contracts,
    ...tests,
  ],
  ["solhint", "--noPoster", "--max-warnings", "0", ...contracts],
];
for (const [program, ...args] of contracts.length > 0 ? runs : []) {
  const { status } = spawnSync(program!, args, { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

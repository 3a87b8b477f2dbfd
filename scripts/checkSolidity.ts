import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";

/** Prettier and solhint over the contracts; with `--write` Prettier puts them into shape first. */
const files = globSync("contracts/**/*.sol")
  .filter((file) => !file.startsWith("contracts/generated/"))
  .sort();
const write = process.argv.includes("--write");
const runs = [
  [
    "prettier",
    "--log-level",
    "warn",
    "--plugin",
    "prettier-plugin-solidity",
    write ? "--write" : "--check",
    ...files,
  ],
  ["solhint", "--noPoster", "--max-warnings", "0", ...files],
];
for (const [program, ...args] of files.length > 0 ? runs : []) {
  const { status } = spawnSync(program!, args, { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./root.mjs";
import { runCommand } from "./runCommand.mjs";

/** Which Node the packages are installed with and run on. Hardhat 3 refuses older ones at install time. */
const NODE_MAJOR = 24;

/** Installs the packages of package-lock.json unless exactly these are there. */
export async function ensureInstalled() {
  const reason = whyStale();
  if (!reason) return;
  process.stderr.write(`Installing packages (${reason}); the first time takes a few minutes.\n`);
  const began = Date.now();
  const suitable = Number(process.versions.node.split(".")[0]) >= NODE_MAJOR;
  // Not `npm ci`: it refuses a lock file without the packages of every other platform, which mirrors of the registry do
  // not all have. With --no-save this installs the same versions, checked against the same hashes, and writes no file.
  const npm = ["npm", "install", "--no-save", "--no-audit", "--no-fund"];
  const code = await runCommand(
    suitable ? npm : ["npx", "--yes", "--package", `node@${NODE_MAJOR}`, "--", ...npm],
  );
  const still = code === 0 ? whyStale() : null;
  if (code !== 0 || still) throw new Error(`Installing the packages failed${still ? `: ${still}` : ""}.`);
  process.stderr.write(`Installed in ${Math.round((Date.now() - began) / 1000)} s.\n`);
}

/** Compares the lock file with npm's own record of what it installed, which it writes last. */
function whyStale() {
  const record = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(record)) return "none are there yet";
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const found = JSON.parse(readFileSync(record, "utf8")).packages;
  for (const [path, { version, optional, integrity }] of Object.entries(wanted)) {
    if (path === "" || (optional && !found[path])) continue; // packages for other platforms stay away
    if (found[path]?.version !== version || found[path]?.integrity !== integrity)
      return `${path} is not ${version}`;
  }
  const node = spawnSync(join(root, "node_modules", ".bin", "node"), ["--version"], { encoding: "utf8" });
  return node.stdout?.startsWith(`v${NODE_MAJOR}.`) ? null : `Node ${NODE_MAJOR} is missing among them`;
}

import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";

export const SLITHER_VERSION = "0.11.6";
const INSTALL_MS = 300_000;

/**
 * Slither in an environment of its own, outside the repository, made when it is not there.
 * @returns its program
 * @throws {Error} saying what is missing: without Python 3, or the registry, nothing can be analysed
 */
export function installSlither(cacheDirectory: string): string {
  const home = join(cacheDirectory, `slither-${SLITHER_VERSION}`);
  const program = join(home, "bin", "slither");
  if (existsSync(program)) return program;
  try {
    run("python3", ["-m", "venv", "--clear", home]);
    run(join(home, "bin", "pip"), [
      ...["install", "--quiet", "--disable-pip-version-check"],
      `slither-analyzer==${SLITHER_VERSION}`,
    ]);
  } catch (error) {
    rmSync(home, { recursive: true, force: true });
    throw error;
  }
  return program;
}

function run(program: string, args: readonly string[]): void {
  const { status, error, stderr } = spawnSync(program, args, { timeout: INSTALL_MS, encoding: "utf8" });
  if (status === 0) return;
  const reason = error?.message ?? stderr.trim().split("\n").at(-1) ?? `status ${status}`;
  throw new Error(`${program} ${args.slice(0, 2).join(" ")}: ${reason}`);
}

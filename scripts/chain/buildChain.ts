import { createHash } from "node:crypto";
import { existsSync, globSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ChainError } from "./ChainError.ts";
import { type ProgramResult, runProgram } from "./runProgram.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const sources = join(root, "chain");

const FLAGS = ["-tags", "netgo", "-trimpath", "-buildvcs=false"];
/** What includes assembly from other folders. It means nothing, but that the cache has none that was not trimmed. */
const MARKED = "-asmflags=github.com/consensys/gnark-crypto/...=-D=ZEKO_TRIMMED";

const TRIM = fileURLToPath(new URL("./trimIncluded.sh", import.meta.url));

/** Flags of every build and test, under which no clock and no path gets into what is compiled. They need `GOMODCACHE` to be set. */
export const chainBuildFlags: readonly string[] = [...FLAGS, MARKED, "-toolexec", TRIM];

export interface BuiltChain {
  readonly binary: string;
  /** Whether it was built now; otherwise it was there. */
  readonly built: boolean;
}

/** A node that is built differently, for tests. */
export interface ChainVariant {
  /** Another one for another way of building. */
  readonly name: string;
  /** More flags for the compiler, and whatever these need, in a directory of its own. */
  prepare(directory: string, sources: string): Promise<readonly string[]>;
}

/**
 * Builds `zekod`, or takes what was built from the same sources with the same compiler.
 * @throws {ChainError} `CHAIN_GO_MISSING`, `CHAIN_BUILD_FAILED`
 */
export async function buildChain(cacheDirectory: string, variant?: ChainVariant): Promise<BuiltChain> {
  const { key, version } = await identify(variant?.name ?? "");
  const directory = join(cacheDirectory, "zekod", key);
  const binary = join(directory, "zekod");
  if (existsSync(binary)) return { binary, built: false };
  await mkdir(directory, { recursive: true });
  const unfinished = `${binary}.${process.pid}`;
  const stamp = "github.com/cosmos/cosmos-sdk/version";
  const values = { Name: "zeko", AppName: "zekod", Version: version, Commit: key, BuildTags: "netgo" };
  const linked = Object.entries(values).map(([name, value]) => `-X ${stamp}.${name}=${value}`);
  const scratch = await mkdtemp(join(directory, "variant-"));
  const flags = [...chainBuildFlags, ...((await variant?.prepare(scratch, sources)) ?? [])];
  const args = ["build", ...flags, "-ldflags", `-s -w ${linked.join(" ")}`, "-o", unfinished, "./cmd/zekod"];
  await succeed(args).finally(() => rm(scratch, { recursive: true }));
  await rename(unfinished, binary); // in one step: another process may look for it
  return { binary, built: true };
}

/** The key under which a build is kept, and the version that it is stamped with. */
async function identify(variant: string): Promise<{ key: string; version: string }> {
  const { out } = await go(["env", "GOVERSION", "GOOS", "GOARCH", "CGO_ENABLED"]);
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const hash = createHash("sha256").update(`${out}\n${FLAGS.join(" ")} ${MARKED}\n${version}\n${variant}`);
  hash.update(await readFile(TRIM));
  for (const file of sourceFiles()) {
    const bytes = await readFile(join(sources, file));
    hash.update(`${file} ${bytes.length}\n`).update(bytes);
  }
  return { key: hash.digest("hex").slice(0, 32), version };
}

/** What the binary is made of, in a fixed order. */
function sourceFiles(): string[] {
  const files = globSync(["**/*.go", "go.mod", "go.sum"], { cwd: sources });
  return files.filter((file) => !file.endsWith("_test.go")).sort();
}

async function succeed(args: readonly string[]): Promise<string> {
  const { code, out, err } = await go(args);
  if (code !== 0) throw new ChainError("CHAIN_BUILD_FAILED", { output: err.slice(-2_000) });
  return out;
}

/** Runs the compiler where the sources are: the one that is there, not one that it would download. @throws {ChainError} `CHAIN_GO_MISSING` */
export async function go(args: readonly string[]): Promise<ProgramResult> {
  try {
    const local = { cwd: sources, environment: { GOTOOLCHAIN: "local" } };
    const { out } = await runProgram("go", ["env", "GOMODCACHE"], local);
    const environment = { ...local.environment, GOMODCACHE: out.trim() };
    return await runProgram("go", args, { cwd: sources, environment });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
    throw new ChainError("CHAIN_GO_MISSING", undefined, { cause });
  }
}

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const solc = createRequire(import.meta.url)("solc") as {
  compile(input: string): string;
  semver(): string;
};

interface CompilerOutput {
  readonly errors?: readonly { severity: string; formattedMessage: string }[];
  readonly sources: Readonly<Record<string, unknown>>;
  readonly contracts: Readonly<Record<string, Readonly<Record<string, Record<string, unknown>>>>>;
}

/**
 * Writes sources and syntax trees of the contracts, as Hardhat would leave them, where slither reads them. Nothing is
 * optimised or assembled: slither looks at trees alone, and those take seconds.
 *
 * @param contracts paths from the repository's root; what they import comes with them
 * @throws {Error} when they do not compile
 */
export function writeSlitherProject(directory: string, contracts: readonly string[]): void {
  const sources: Record<string, { content: string }> = {};
  for (const file of contracts) collect(file, sources);
  const settings = { outputSelection: { "*": { "": ["ast"], "*": ["abi", "userdoc", "devdoc"] } } };
  const input = { language: "Solidity", sources, settings };
  const output = JSON.parse(solc.compile(JSON.stringify(input))) as CompilerOutput;
  const failed = output.errors?.filter(({ severity }) => severity === "error") ?? [];
  if (failed.length > 0) throw new Error(failed.map((error) => error.formattedMessage).join("\n"));
  for (const [file, { content }] of Object.entries(sources)) write(join(directory, file), content);
  const info = { solcVersion: solc.semver().split("+")[0], input, output: withoutCode(output) };
  write(join(directory, "artifacts/build-info/contracts.json"), JSON.stringify(info));
  write(join(directory, "hardhat.config.js"), "module.exports = {};\n");
}

function collect(file: string, sources: Record<string, { content: string }>): void {
  if (sources[file]) return;
  const place = file.startsWith("@") ? join("node_modules", file) : file;
  const content = readFileSync(join(root, place), "utf8");
  sources[file] = { content };
  for (const [, imported] of content.matchAll(/^\s*(?:import|\}\s*from).*?"([^"]+)"/gm))
    collect(imported!.startsWith(".") ? posix.join(posix.dirname(file), imported!) : imported!, sources);
}

/** Slither's reader wants the places where code would stand. */
function withoutCode({ sources, contracts }: CompilerOutput) {
  const empty = { object: "", sourceMap: "" };
  const evm = { bytecode: empty, deployedBytecode: empty };
  const named = Object.entries(contracts).map(([file, found]) => [
    file,
    Object.fromEntries(Object.entries(found).map(([name, info]) => [name, { ...info, evm }])),
  ]);
  return { sources, contracts: Object.fromEntries(named) };
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { contractConstants } from "../generateContractConstants.ts";
import { type ContractName, contractArtifact, contractNames } from "./contractArtifacts.ts";

const root = new URL("../../", import.meta.url);
const bytes = (hex: string) => (hex.length - 2) / 2;
const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** What roles need of the contracts at run time, so that they need no compiler. */
function clientArtifacts(): string {
  const lines = contractNames.flatMap((name) => {
    const { abi, bytecode } = contractArtifact(name);
    const constant = `${name[0]!.toLowerCase()}${name.slice(1)}Artifact`;
    return `export const ${constant} = {\n  abi: ${JSON.stringify(abi)},\n  bytecode: "${bytecode}",\n} as const;\n`;
  });
  return [
    "// Written by `npm run snapshots` from what the compiler made of contracts/. Do not edit.\n",
    ...lines,
  ].join("\n");
}

/** Bytes of code on the chain (at most 24 576) and of the transaction that deploys it (at most 49 152). */
function sizes(name: ContractName) {
  const { bytecode, deployedBytecode } = contractArtifact(name);
  return { code: bytes(deployedBytecode), creation: bytes(bytecode) };
}

/** Path and text of every file that follows from the contracts' sources alone. The contracts must have been built. */
export function contractSnapshots(): Record<string, string> {
  return {
    ...contractConstants(),
    "da/contracts.generated.ts": clientArtifacts(),
    "test/snapshots/size.json": json(Object.fromEntries(contractNames.map((name) => [name, sizes(name)]))),
    ...Object.fromEntries(
      contractNames.map((name) => [`test/snapshots/abi/${name}.json`, json(contractArtifact(name).abi)]),
    ),
  };
}

/** Rewrites them. Read the diff as code. */
export function writeContractSnapshots(): void {
  for (const [path, text] of Object.entries(contractSnapshots())) {
    const file = fileURLToPath(new URL(path, root));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { contractConstants } from "../generateContractConstants.ts";
import { type ContractName, contractArtifact, contractNames } from "./contractArtifacts.ts";
import { certificateGas, chunkGas, signatureGas, transactionGas } from "./measureGas.ts";
import { storageLayouts } from "./storageLayouts.ts";
import { vaultGas } from "./vaultGas.ts";

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
    ...Object.fromEntries(
      Object.entries(storageLayouts()).map(([name, layout]) => [
        `test/snapshots/layout/${name}.json`,
        json(layout),
      ]),
    ),
  };
}

/** Path and text of the gas figures: fixed keys and bytes, so that they move only with the code. */
export async function gasSnapshot(): Promise<Record<string, string>> {
  const gas = {
    signature: await signatureGas(),
    certificate: await certificateGas(),
    chunk: await chunkGas(),
    transaction: await transactionGas(),
    vault: await vaultGas(),
  };
  return { "test/snapshots/gas.json": json(gas) };
}

/** Rewrites all of them. Read the diff as code. */
export async function writeContractSnapshots(): Promise<void> {
  const files = { ...contractSnapshots(), ...(await gasSnapshot()) };
  for (const [path, text] of Object.entries(files)) {
    const file = fileURLToPath(new URL(path, root));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

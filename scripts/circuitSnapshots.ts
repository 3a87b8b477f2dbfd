import { writeFileSync } from "node:fs";
import { type CircuitShape, circuitShapes } from "../circuits/index.ts";

const file = new URL("../test/snapshots/circuits.json", import.meta.url);

/** Path and text of the file that pins every circuit: rows and digest of each branch, without the verifier's rows. */
export async function circuitSnapshots(): Promise<Record<string, string>> {
  const shapes: Record<string, CircuitShape> = await circuitShapes();
  return { "test/snapshots/circuits.json": `${JSON.stringify(shapes, null, 2)}\n` };
}

/** Rewrites it. Read the diff as code: a circuit changed. */
export async function writeCircuitSnapshots(): Promise<void> {
  for (const text of Object.values(await circuitSnapshots())) writeFileSync(file, text);
}

if (process.argv[1] === import.meta.filename) await writeCircuitSnapshots();

import { initializeBindings } from "o1js";
import { DaGas } from "./gas/index.ts";
import { IndexProgram } from "./indexed/index.ts";
import { LedgerProgram } from "./ledger/index.ts";
import { OuterContract } from "./outer/index.ts";
import { QuorumProgram } from "./quorum/index.ts";
import { WrapperProgram } from "./wrapper/index.ts";

/** Shape of one branch's circuit. */
export interface CircuitShape {
  /** Kimchi rows of our own rules; what Pickles adds to verify proofs comes on top. 2^16 in all at most. */
  readonly rows: number;
  /** Changes with every constraint. */
  readonly digest: string;
}

type Analysis = Readonly<Record<string, { rows: number; digest: string }>>;

/** Every branch of every program, by `<program>.<branch>`. Needs no keys: the circuits are only laid out. */
export async function circuitShapes(): Promise<Record<string, CircuitShape>> {
  await initializeBindings();
  const programs: [name: string, analyze: () => Promise<Analysis>][] = [
    ["ledger", () => LedgerProgram.analyzeMethods()],
    ["index", () => IndexProgram.analyzeMethods()],
    ["wrapper", () => WrapperProgram.analyzeMethods()],
    ["quorum", () => QuorumProgram.analyzeMethods()],
    ["outer", () => OuterContract.analyzeMethods()],
    ["gas", () => DaGas.analyzeMethods()],
  ];
  const shapes: Record<string, CircuitShape> = {};
  for (const [program, analyze] of programs) {
    for (const [branch, { rows, digest }] of Object.entries(await analyze()))
      shapes[`${program}.${branch}`] = { rows, digest };
  }
  return shapes;
}

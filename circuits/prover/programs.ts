import type { Cache } from "o1js";
import type { KeyFile, ProgramName } from "../keys/index.ts";

/** A program as a worker runs it. */
export interface ProvingProgram {
  /** Loads the keys from the cache, or makes them and fills it. */
  compile(cache: Cache): Promise<Pick<KeyFile, "hash" | "data">>;
  /** One function a branch: the job's input → a proof or a transaction. */
  readonly branches: Readonly<Record<string, (input: never) => Promise<unknown>>>;
}

/** Loads one program and only what it depends on. */
export async function loadProgram(program: ProgramName): Promise<ProvingProgram> {
  switch (program) {
    case "ledger":
      return (await import("./ledgerBranches.ts")).ledgerBranches;
    case "index":
      return (await import("./indexBranches.ts")).indexBranches;
    case "wrapper":
      return (await import("./wrapperBranches.ts")).wrapperBranches;
    case "quorum":
      return (await import("./quorumBranches.ts")).quorumBranches;
    case "outer":
      return (await import("./outerBranches.ts")).outerBranches;
    case "gas":
      return (await import("./gasBranches.ts")).gasBranches;
  }
}

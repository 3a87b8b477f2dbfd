import { DaGas, type GasLockTransaction, gasLockTransaction } from "../gas/index.ts";
import { compiledKey } from "./compiledKey.ts";
import type { ProvingProgram } from "./programs.ts";
import { useScratchChain } from "./useScratchChain.ts";

export const gasBranches: ProvingProgram = {
  async compile(cache) {
    return compiledKey(await DaGas.compile({ cache }));
  },
  branches: {
    async lock(input: GasLockTransaction) {
      await useScratchChain("gas");
      return gasLockTransaction(input);
    },
  },
};

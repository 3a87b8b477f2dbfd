import {
  type CommitTransaction,
  commitTransaction,
  OuterContract,
  type RotationTransaction,
  rotationTransaction,
} from "../outer/index.ts";
import { compiledKey } from "./compiledKey.ts";
import type { ProvingProgram } from "./programs.ts";
import { useScratchChain } from "./useScratchChain.ts";

export const outerBranches: ProvingProgram = {
  async compile(cache) {
    return compiledKey(await OuterContract.compile({ cache }));
  },
  branches: {
    async commit(input: CommitTransaction) {
      await useScratchChain("outer");
      return commitTransaction(input);
    },
    async rotateValidators(input: RotationTransaction) {
      await useScratchChain("outer");
      return rotationTransaction(input);
    },
  },
};

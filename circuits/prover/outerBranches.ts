import { Mina } from "o1js";
import { pinnedKey } from "../keys/index.ts";
import {
  type CommitTransaction,
  commitTransaction,
  OuterContract,
  type RotationTransaction,
  rotationTransaction,
} from "../outer/index.ts";
import { compiledKey } from "./compiledKey.ts";
import type { ProvingProgram } from "./programs.ts";

type Instance = Awaited<ReturnType<typeof Mina.LocalBlockchain>>;
let chain: Promise<void> | undefined;

/**
 * o1js builds transactions on some instance of Mina. Nothing is sent to this one; all that it is asked for is the key
 * of the outer account, which the transaction names as the one that its proof is for.
 */
function useScratchChain(): Promise<void> {
  chain ??= makeScratchChain();
  return chain;
}

async function makeScratchChain(): Promise<void> {
  const local = await Mina.LocalBlockchain({ proofsEnabled: true });
  const outer = { zkapp: { verificationKey: pinnedKey("outer") } };
  Mina.setActiveInstance({
    ...local,
    getAccount: () => outer as unknown as ReturnType<Instance["getAccount"]>,
  });
}

export const outerBranches: ProvingProgram = {
  async compile(cache) {
    return compiledKey(await OuterContract.compile({ cache }));
  },
  branches: {
    async commit(input: CommitTransaction) {
      await useScratchChain();
      return commitTransaction(input);
    },
    async rotateValidators(input: RotationTransaction) {
      await useScratchChain();
      return rotationTransaction(input);
    },
  },
};

import { Mina } from "o1js";
import { type CommitTransaction, commitTransaction, OuterContract } from "../outer/index.ts";
import { compiledKey } from "./compiledKey.ts";
import type { ProvingProgram } from "./programs.ts";

let chain: Promise<void> | undefined;

/** o1js builds transactions on some instance of Mina; nothing is asked of this one, and nothing is sent to it. */
function useScratchChain(): Promise<void> {
  chain ??= Mina.LocalBlockchain({ proofsEnabled: true }).then((local) => Mina.setActiveInstance(local));
  return chain;
}

export const outerBranches: ProvingProgram = {
  async compile(cache) {
    await useScratchChain();
    return compiledKey(await OuterContract.compile({ cache }));
  },
  branches: {
    async commit(input: CommitTransaction) {
      await useScratchChain();
      return commitTransaction(input);
    },
  },
};

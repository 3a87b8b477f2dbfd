import { Mina } from "o1js";
import { type ProgramName, pinnedKey } from "../keys/index.ts";

type Instance = Awaited<ReturnType<typeof Mina.LocalBlockchain>>;
let chain: Promise<void> | undefined;

/**
 * o1js builds transactions on some instance of Mina. Nothing is sent to this one; all that it is asked for is the key
 * of the contract's account, which the transaction names as the one that its proof is for. One contract a process.
 */
export function useScratchChain(contract: ProgramName): Promise<void> {
  chain ??= makeScratchChain(contract);
  return chain;
}

async function makeScratchChain(contract: ProgramName): Promise<void> {
  const local = await Mina.LocalBlockchain({ proofsEnabled: true });
  const account = { zkapp: { verificationKey: pinnedKey(contract) } };
  Mina.setActiveInstance({
    ...local,
    getAccount: () => account as unknown as ReturnType<Instance["getAccount"]>,
  });
}

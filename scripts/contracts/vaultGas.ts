import { defaultThreshold, signFields } from "../../protocol/index.ts";
import { createBehindProxy, gasOf, newDeployment } from "./measureGas.ts";

const MINA = 1_000_000_000n;
const RECIPIENT = `0x${"ab".repeat(20)}`;

/** Gas of having gas paid out by three of four validators: to a newcomer, and once more to the same account. */
export async function vaultGas(): Promise<Record<string, number>> {
  const deployment = await newDeployment(4);
  const { ethers, owner, set, keys } = deployment;
  const names = [1n, keys[0]!.publicKey, 100n * MINA, 86_400n];
  const vault = await createBehindProxy(ethers, "GasVault", owner, owner, await set.getAddress(), ...names);
  const [signer] = await ethers.getSigners();
  await signer!.sendTransaction({ to: await vault.getAddress(), value: 100n * MINA * MINA });
  const quorum = Number(defaultThreshold(BigInt(keys.length)));
  const claim = async (total: bigint) => {
    const message: bigint = await vault.gasMessage!(RECIPIENT, total, 0n);
    const votes = keys
      .slice(0, quorum)
      .map(({ privateKey }, slot) => ({ slot, ...signFields(privateKey, [message]) }));
    return await gasOf(vault.claim!(RECIPIENT, total, 0n, votes));
  };
  return { claim: await claim(5n * MINA), claimAgain: await claim(6n * MINA) };
}

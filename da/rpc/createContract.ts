import { Interface } from "ethers";
import { zekoProxyArtifact } from "../contracts.generated.ts";
import type { Hex } from "../DaTypes.ts";
import { DaError } from "../errors/DaError.ts";
import type { TransactionSender } from "./TransactionSender.ts";

export interface Artifact {
  readonly abi: readonly unknown[];
  readonly bytecode: string;
}

/** Creates a contract. @returns its address @throws {DaError} `DA_ANSWER_MALFORMED`, and those of `TransactionSender` */
export async function createContract(
  sender: TransactionSender,
  { abi, bytecode }: Artifact,
  args: readonly unknown[],
): Promise<Hex> {
  const data = `${bytecode}${new Interface(abi as []).encodeDeploy(args).slice(2)}` as Hex;
  const { contract } = await sender.send({ data });
  if (!contract) throw new DaError("DA_ANSWER_MALFORMED", { what: "receipt of a deployment" });
  return contract;
}

/** Creates the proxy before an implementation, initialised in the same transaction, so that nobody else can do that. */
export async function createProxy(
  sender: TransactionSender,
  implementation: Hex,
  { abi }: Pick<Artifact, "abi">,
  args: readonly unknown[],
): Promise<Hex> {
  const initialization = new Interface(abi as []).encodeFunctionData("initialize", args);
  return await createContract(sender, zekoProxyArtifact, [implementation, initialization]);
}

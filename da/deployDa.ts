import { Interface } from "ethers";
import { checkedValidatorSet, decompress, type ValidatorSet } from "../protocol/index.ts";
import type { Clock, EvmKey } from "../service/index.ts";
import {
  batchInboxArtifact,
  validatorSetArtifact,
  zekoProxyArtifact,
  zekoTimelockArtifact,
} from "./contracts.generated.ts";
import type { DaAddresses, Hex } from "./DaTypes.ts";
import { DaError } from "./errors/DaError.ts";
import { JsonRpc } from "./rpc/JsonRpc.ts";
import { quantity } from "./rpc/readAnswer.ts";
import { TransactionSender } from "./rpc/TransactionSender.ts";

export interface DeployDaOptions {
  /** JSON-RPC address of a node. */
  readonly url: string;
  /** Pays, proposes and carries out upgrades, and pauses. */
  readonly key: EvmKey;
  /** The first set. */
  readonly validators: ValidatorSet;
  /** Seconds that an upgrade is announced before it can be carried out. Default two days. */
  readonly upgradeDelaySeconds?: number;
  /** Pause between two looks for a receipt, in milliseconds. Default 200. */
  readonly receiptPollMs?: number;
}

interface Artifact {
  readonly abi: readonly unknown[];
  readonly bytecode: string;
}

const TWO_DAYS = 172_800;

/**
 * Deploys validator set and inbox, each behind its proxy, owned by a timelock.
 * @throws {DaError} those of `TransactionSender`
 */
export async function deployDa(
  options: DeployDaOptions,
  { clock }: { readonly clock: Clock },
): Promise<DaAddresses & { readonly timelock: Hex }> {
  const { url, key, upgradeDelaySeconds = TWO_DAYS, receiptPollMs = 200 } = options;
  const validators = checkedValidatorSet(options.validators);
  const rpc = new JsonRpc({ url });
  const chainId = quantity(await rpc.ask("eth_chainId"), "chain id");
  const sender = new TransactionSender({ chainId, key, receiptPollMs }, { rpc, clock });
  const { account } = sender;

  const timelock = await create(sender, zekoTimelockArtifact, [upgradeDelaySeconds, [account], [account]]);
  const validatorSet = await createBehindProxy(sender, validatorSetArtifact, [
    timelock,
    account,
    validators.members.map(({ publicKey, weight }) => ({
      ...decompress(publicKey.x, publicKey.isOdd)!,
      weight,
    })),
    validators.threshold,
    validators.epoch,
  ]);
  const inbox = await createBehindProxy(sender, batchInboxArtifact, [timelock, account, validatorSet]);
  return { chainId, inbox, validatorSet, timelock };
}

async function createBehindProxy(
  sender: TransactionSender,
  artifact: Artifact,
  args: readonly unknown[],
): Promise<Hex> {
  const implementation = await create(sender, artifact, []);
  // One transaction, so that nobody else can initialise it.
  const initialization = new Interface(artifact.abi as []).encodeFunctionData("initialize", args);
  return await create(sender, zekoProxyArtifact, [implementation, initialization]);
}

async function create(
  sender: TransactionSender,
  { abi, bytecode }: Artifact,
  args: readonly unknown[],
): Promise<Hex> {
  const data = `${bytecode}${new Interface(abi as []).encodeDeploy(args).slice(2)}` as Hex;
  const { contract } = await sender.send({ data });
  if (!contract) throw new DaError("DA_ANSWER_MALFORMED", { what: "receipt of a deployment" });
  return contract;
}

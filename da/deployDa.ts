import { getCreateAddress } from "ethers";
import {
  checkedValidatorSet,
  decompress,
  domainHash,
  type PublicKey,
  rollupId,
  type ValidatorSet,
} from "../protocol/index.ts";
import type { Clock, EvmKey } from "../service/index.ts";
import {
  batchInboxArtifact,
  daFeesArtifact,
  validatorSetArtifact,
  zekoTimelockArtifact,
} from "./contracts.generated.ts";
import type { FeeTerms } from "./DaFees.ts";
import type { DaAddresses, Hex } from "./DaTypes.ts";
import { DaError } from "./errors/DaError.ts";
import { createContract, createProxy } from "./rpc/createContract.ts";
import { JsonRpc } from "./rpc/JsonRpc.ts";
import { quantity } from "./rpc/readAnswer.ts";
import { TransactionSender } from "./rpc/TransactionSender.ts";

/** The rollup whose outer contract rotates the validator set. Registered afterwards, by the deployer's account. */
export interface HomeRollup {
  /** `tagToField(networkId)` */
  readonly minaNetwork: bigint;
  readonly outerKey: PublicKey;
  /** 32 bytes. */
  readonly salt: Hex;
  /** How long certificates of a set that goes are recorded; Mina's own grace, in slots, stands in the genesis. */
  readonly graceSeconds: bigint;
}

export interface DeployDaOptions {
  /** JSON-RPC address of a node. */
  readonly url: string;
  /** Pays, proposes and carries out upgrades, and pauses. */
  readonly key: EvmKey;
  /** The first set. */
  readonly validators: ValidatorSet;
  readonly home: HomeRollup;
  /** What posting costs at first; nothing by default, with a day for late validators. */
  readonly fees?: FeeTerms;
  /** Seconds that an upgrade is announced before it can be carried out. Default two days. */
  readonly upgradeDelaySeconds?: number;
  /** Pause between two looks for a receipt, in milliseconds. Default 200. */
  readonly receiptPollMs?: number;
}

const TWO_DAYS = 172_800;
const FREE: FeeTerms = { price: 0n, lateWindowSeconds: 86_400 };

/**
 * Deploys validator set, inbox and fees, each behind its proxy, owned by a timelock.
 * @throws {DaError} `DA_DEPLOYER_BUSY`, and those of `TransactionSender`
 */
export async function deployDa(
  options: DeployDaOptions,
  { clock }: { readonly clock: Clock },
): Promise<DaAddresses & { readonly timelock: Hex }> {
  const { url, key, home, upgradeDelaySeconds = TWO_DAYS, fees = FREE, receiptPollMs = 200 } = options;
  const validators = checkedValidatorSet(options.validators);
  const rpc = new JsonRpc({ url });
  const chainId = quantity(await rpc.ask("eth_chainId"), "chain id");
  const sender = new TransactionSender({ chainId, key, receiptPollMs }, { rpc, clock });
  const { account } = sender;

  const timelock = await createContract(sender, zekoTimelockArtifact, [
    upgradeDelaySeconds,
    [account],
    [account],
  ]);
  // The set is told the inbox's address before there is one, so both proxies come one right after the other.
  const setCode = await createContract(sender, validatorSetArtifact, []);
  const feesCode = await createContract(sender, daFeesArtifact, []);
  const inboxCode = await createContract(sender, batchInboxArtifact, []);
  const nonce = Number(quantity(await rpc.ask("eth_getTransactionCount", [account, "latest"]), "nonce"));
  const foretold = getCreateAddress({ from: account, nonce: nonce + 1 }).toLowerCase();
  const domain = domainHash({
    minaNetwork: home.minaNetwork,
    outerKey: home.outerKey,
    daChainId: chainId,
    inbox: BigInt(foretold),
    rollupId: rollupId(BigInt(account), BigInt(home.salt)),
  });
  const validatorSet = await createProxy(sender, setCode, validatorSetArtifact, [
    timelock,
    account,
    validators.members.map(({ publicKey, weight }) => ({
      ...decompress(publicKey.x, publicKey.isOdd)!,
      weight,
    })),
    validators.threshold,
    validators.epoch,
    domain,
    home.graceSeconds,
  ]);
  const inbox = await createProxy(sender, inboxCode, batchInboxArtifact, [
    ...[timelock, account, validatorSet, feesCode],
    { price: fees.price, lateWindow: fees.lateWindowSeconds },
  ]);
  if (inbox.toLowerCase() !== foretold) throw new DaError("DA_DEPLOYER_BUSY", { account });
  return { chainId, inbox, validatorSet, timelock };
}

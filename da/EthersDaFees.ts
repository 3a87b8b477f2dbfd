import { ZeroAddress } from "ethers";
import { type Attestation, decompress, type PublicKey, type Signature } from "../protocol/index.ts";
import { ContractCaller } from "./ContractCaller.ts";
import { feesInterface } from "./contracts.ts";
import type { BatchFee, DaFees, FeeAccount, FeeTerms } from "./DaFees.ts";
import type { BatchId, Hex, RollupId } from "./DaTypes.ts";
import { DaError } from "./errors/DaError.ts";
import type { JsonRpc } from "./rpc/JsonRpc.ts";
import { queryLogs } from "./rpc/LogQuery.ts";
import { quantity } from "./rpc/readAnswer.ts";
import type { Receipt, TransactionSender } from "./rpc/TransactionSender.ts";

export interface EthersDaFeesOptions {
  readonly address: Hex;
  /** Blocks asked for at once. */
  readonly logPageBlocks: number;
}

export interface EthersDaFeesModules {
  readonly rpc: JsonRpc;
  readonly sender: TransactionSender;
}

/** Batches that one call settles: the contract's limit. */
const MAX_SETTLED = 16;
const FEE_EARNED = feesInterface.getEvent("FeeEarned")!.topicHash as Hex;

/** Reads and calls the fee contract through the JSON-RPC of one node. */
export class EthersDaFees implements DaFees {
  readonly address: Hex;
  readonly account: Hex;
  readonly #rpc: JsonRpc;
  readonly #sender: TransactionSender;
  readonly #contract: ContractCaller;
  readonly #logPageBlocks: number;

  constructor({ address, logPageBlocks }: EthersDaFeesOptions, { rpc, sender }: EthersDaFeesModules) {
    this.address = address;
    this.account = sender.account;
    this.#rpc = rpc;
    this.#sender = sender;
    this.#contract = new ContractCaller(rpc, feesInterface, address);
    this.#logPageBlocks = logPageBlocks;
  }

  async terms(): Promise<FeeTerms> {
    const [{ price, lateWindow }] = await this.#contract.call("terms", []);
    return { price, lateWindowSeconds: Number(lateWindow) };
  }

  async balanceOf(rollup: RollupId): Promise<bigint> {
    const [balance] = await this.#contract.call("balanceOf", [rollup]);
    return balance;
  }

  async feeOf(batch: BatchId): Promise<BatchFee | undefined> {
    const [{ amount, signers, epoch, time }] = await this.#contract.call("escrowOf", [batch]);
    if (amount === 0n) return undefined;
    if (signers === 0n) return time === 0n ? { amount } : { amount, returnsAt: Number(time) };
    const slots = Array.from({ length: 64 }, (_, slot) => slot).filter(
      (slot) => (signers >> BigInt(slot)) & 1n,
    );
    return { amount, earned: { epoch, slots, closesAt: Number(time) } };
  }

  async accountOf(validator: PublicKey): Promise<FeeAccount> {
    const [{ due, counter, payout }] = await this.#contract.call("accountOf", [validator]);
    return { due, counter, payout: payout === ZeroAddress ? undefined : payout };
  }

  async earned(from: number): Promise<{ next: number; batches: BatchId[] }> {
    const head = Number(quantity(await this.#rpc.ask("eth_blockNumber"), "block"));
    if (from > head) return { next: from, batches: [] };
    const toBlock = Math.min(head, from + this.#logPageBlocks - 1);
    const logs = await queryLogs(this.#rpc, feesInterface, {
      address: this.address,
      fromBlock: from,
      toBlock,
      topics: [FEE_EARNED],
    });
    return { next: toBlock + 1, batches: logs.map(({ event }) => event.args.id as BatchId) };
  }

  async prepay(rollup: RollupId, amount: bigint): Promise<void> {
    await this.#send("prepay", [rollup], amount);
  }

  async addLateVotes(batch: BatchId, votes: readonly Attestation[]): Promise<void> {
    const input = votes.map(({ slot, signature: { r, s } }) => ({ slot, r, s }));
    await this.#send("addLateVotes", [batch, input]);
  }

  async settle(batches: readonly BatchId[]): Promise<void> {
    for (let from = 0; from < batches.length; from += MAX_SETTLED)
      await this.#send("settle", [batches.slice(from, from + MAX_SETTLED)]);
  }

  async setPayout(validator: PublicKey, payout: Hex, { r, s }: Signature): Promise<void> {
    const point = decompress(validator.x, validator.isOdd);
    if (!point) throw new DaError("DA_REVERTED", { error: "MinaSchnorrKeyNotOnCurve", args: [] });
    await this.#send("setPayout", [point.x, point.y, payout, r, s]);
  }

  async claim(validator: PublicKey): Promise<Hex> {
    const { hash } = await this.#send("claim", [validator]);
    return hash;
  }

  async #send(name: string, args: readonly unknown[], value = 0n): Promise<Receipt> {
    const data = feesInterface.encodeFunctionData(name, args) as Hex;
    return await this.#sender.send({ to: this.address, data, ...(value === 0n ? {} : { value }) });
  }
}

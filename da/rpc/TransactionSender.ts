import { computeAddress, SigningKey } from "ethers";
import type { Clock, EvmKey } from "../../service/index.ts";
import { readRevert } from "../contracts.ts";
import type { Hex } from "../DaTypes.ts";
import { DaError } from "../errors/DaError.ts";
import { FeeSource, type Fees } from "./FeeSource.ts";
import { type JsonRpc, type JsonRpcFault, rpcError } from "./JsonRpc.ts";
import { ignoreLostAnswer, MinedCount } from "./MinedCount.ts";
import { calldataGas } from "./postChunkGas.ts";
import { type ReceiptFields, ReceiptReader } from "./ReceiptReader.ts";
import { quantity } from "./readAnswer.ts";
import { signTransaction } from "./signTransaction.ts";

export interface TransactionRequest {
  /** Left out to create a contract. */
  readonly to?: Hex;
  readonly data: Hex;
  /** Paid along, in the chain's smallest unit. */
  readonly value?: bigint;
  /** Limit, where the caller knows it without asking the node: estimating a chunk costs as much as ten of them. */
  readonly gas?: bigint;
}

export interface Receipt {
  readonly hash: Hex;
  readonly block: number;
  /** Of a created contract. */
  readonly contract: Hex | undefined;
}

export interface TransactionSenderOptions {
  readonly chainId: bigint;
  readonly key: EvmKey;
  /** Least pause between two looks for what was mined. Default 200. */
  readonly receiptPollMs?: number;
  /** How long nothing of the account may be mined before what waits is sent again. Default 5 000, several blocks. */
  readonly stallMs?: number;
  /** How long nothing of the account may be mined while something waits. Default 120 000. */
  readonly receiptTimeoutMs?: number;
}

/**
 * What becomes of a transaction, for metrics. Closed set. `mined` · `again`: sent once more, the node may have dropped it ·
 * `raised`: offered more · `taken`: its nonce is another's · `late`: not mined in time · `starved`: out of gas.
 */
export type TransactionOutcome = "mined" | "again" | "raised" | "taken" | "late" | "starved";

export interface TransactionSenderModules {
  readonly rpc: JsonRpc;
  readonly clock: Clock;
  readonly onTransaction?: (outcome: TransactionOutcome) => void;
}

interface Signed {
  readonly hash: Hex;
  readonly raw: Hex;
  readonly fees: Fees;
}

/** What is out under one nonce. */
interface Sent {
  readonly request: TransactionRequest;
  readonly gasLimit: bigint;
  readonly nonce: number;
  /** The latest last: more than one where the fee was raised. Any of them may be mined. */
  readonly versions: Signed[];
}

const MARGIN_GAS = 50_000n;
const NONCE_ATTEMPTS = 3;
/** Ten seconds: several blocks of a chain that runs, and not long for a caller whose transaction is too large indeed. */
const START_ATTEMPTS = 20;
const START_PAUSE_MS = 500;
/** Looks at a used nonce without a receipt after which it is another transaction's. A node's index lags behind its blocks. */
const MISSES = 10;

/**
 * Sends transactions of one account. Nonces are handed out one after the other, receipts are awaited side by side, so that
 * calls may overlap. Another process that uses the account slows this one down, and both may run out of attempts.
 */
export class TransactionSender {
  readonly account: Hex;
  readonly #rpc: JsonRpc;
  readonly #clock: Clock;
  readonly #key: SigningKey;
  readonly #opts: Required<Omit<TransactionSenderOptions, "key">>;
  readonly #fees: FeeSource;
  readonly #mined: MinedCount;
  readonly #receipts: ReceiptReader;
  readonly #told: (outcome: TransactionOutcome) => void;
  #nonce: number | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(opts: TransactionSenderOptions, modules: TransactionSenderModules) {
    this.#opts = {
      chainId: opts.chainId,
      receiptPollMs: opts.receiptPollMs ?? 200,
      stallMs: opts.stallMs ?? 5_000,
      receiptTimeoutMs: opts.receiptTimeoutMs ?? 120_000,
    };
    this.#rpc = modules.rpc;
    this.#clock = modules.clock;
    this.#told = modules.onTransaction ?? (() => {});
    this.#key = new SigningKey(opts.key.privateKey.reveal());
    this.account = computeAddress(this.#key) as Hex;
    this.#fees = new FeeSource(modules);
    this.#mined = new MinedCount({ account: this.account, pollMs: this.#opts.receiptPollMs }, modules);
    this.#receipts = new ReceiptReader(modules.rpc);
  }

  /**
   * Sends one transaction and waits until it is mined. A limit of the caller's that turns out too low is asked of the node.
   * @throws {DaError} `DA_REVERTED`, `DA_FUNDS`, `DA_NONCE`, `DA_OUT_OF_GAS`, `DA_RECEIPT_TIMEOUT`, and those of `JsonRpc`
   */
  async send(request: TransactionRequest): Promise<Receipt> {
    const { gas, ...call } = request;
    if (gas === undefined) return await this.#sendOnce(call, await this.#estimate(call));
    try {
      return await this.#sendOnce(call, gas);
    } catch (error) {
      if (!(error instanceof DaError) || error.code !== "DA_OUT_OF_GAS") throw error;
      return await this.#sendOnce(call, await this.#estimate(call));
    }
  }

  async #sendOnce(request: TransactionRequest, gasLimit: bigint): Promise<Receipt> {
    const sent = await this.#inTurn(() => this.#submit(request, gasLimit));
    return await this.#mine(sent);
  }

  /** A call that would fail is refused here, before it costs anything. */
  async #estimate(request: TransactionRequest): Promise<bigint> {
    const answer = await this.#rpc.attempt("eth_estimateGas", [this.#callOf(request)]);
    if ("fault" in answer) throw this.#refusal("eth_estimateGas", answer.fault);
    const estimate = quantity(answer.result, "gas estimate");
    const { floor } = calldataGas(request.data);
    // What transactions before it in the block write can make this one dearer.
    const least = estimate < floor ? floor : estimate;
    return least + estimate / 10n + MARGIN_GAS;
  }

  #callOf({ to, data, value }: TransactionRequest) {
    const paid = value === undefined ? {} : { value: `0x${value.toString(16)}` };
    return { from: this.account, ...(to === undefined ? {} : { to }), data, ...paid };
  }

  async #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(task);
    this.#turn = result.catch(() => undefined); // the caller sees it; the next one's turn comes all the same
    return await result;
  }

  /** Takes the next nonce; when somebody else has taken it in the meantime, the one after. */
  async #submit(request: TransactionRequest, gasLimit: bigint): Promise<Sent> {
    for (let attempt = 1; ; attempt++) {
      const nonce = this.#nonce ?? (await this.#pendingNonce());
      const sent = { request, gasLimit, nonce, versions: [] as Signed[] };
      const signed = this.#sign(sent, await this.#fees.offer());
      sent.versions.push(signed);
      this.#nonce = undefined; // read anew, unless the node takes this one
      if (await this.#broadcast(signed, gasLimit)) {
        this.#nonce = nonce + 1;
        return sent;
      }
      if (attempt === NONCE_ATTEMPTS) throw new DaError("DA_NONCE", { account: this.account, nonce });
    }
  }

  async #pendingNonce(): Promise<number> {
    const answer = await this.#rpc.ask("eth_getTransactionCount", [this.account, "pending"]);
    return Number(quantity(answer, "nonce"));
  }

  #sign({ request, gasLimit, nonce }: Sent, fees: Fees): Signed {
    const { to, data, value = 0n } = request;
    const { chainId } = this.#opts;
    return { ...signTransaction({ chainId, nonce, ...fees, gasLimit, to, value, data }, this.#key), fees };
  }

  /** @returns false when the node does not take it, and another nonce or fee may help */
  async #broadcast({ raw, hash }: Signed, gasLimit: bigint): Promise<boolean> {
    const answer = await this.#hand(raw);
    if (!("fault" in answer)) return true;
    const { message } = answer.fault;
    if (isKnown(message)) return true;
    // A node that mines at once tells of the failure here.
    if (/out of gas/i.test(message)) throw new DaError("DA_OUT_OF_GAS", { transaction: hash, gasLimit });
    // A node whose count of pending transactions lags behind its pool hands out a nonce that stands there already.
    const replaces = /replacement transaction/i.test(message);
    const tooCheap = !replaces && isTooCheap(message);
    if (tooCheap) {
      this.#told("raised");
      this.#fees.forget();
    }
    if (replaces || tooCheap) await this.#clock.sleep(this.#opts.receiptPollMs);
    else if (!/nonce/i.test(message)) throw this.#refusal("eth_sendRawTransaction", answer.fault);
    // Sent before, and the answer was lost: then it is there under its hash.
    if ((await this.#rpc.ask("eth_getTransactionByHash", [hash])) !== null) return true;
    if (!replaces && !tooCheap) this.#told("taken");
    return false;
  }

  /** A node that has just started knows no block gas limit, and refuses everything until its next block. */
  async #hand(raw: Hex): ReturnType<JsonRpc["attempt"]> {
    for (let attempt = 1; ; attempt++) {
      const answer = await this.#rpc.attempt("eth_sendRawTransaction", [raw]);
      const starting = "fault" in answer && /exceeds block gas limit/i.test(answer.fault.message);
      if (!starting || attempt === START_ATTEMPTS) return answer;
      await this.#clock.sleep(START_PAUSE_MS);
    }
  }

  /** Waits for as long as transactions of the account are mined at all. */
  async #mine(sent: Sent): Promise<Receipt> {
    const last = { count: -1, changedAt: this.#clock.elapsed(), askedAt: this.#clock.elapsed() };
    for (let misses = 0; ; ) {
      const count = await this.#mined.next();
      const now = this.#clock.elapsed();
      if (count > sent.nonce) {
        const receipt = await this.#receipt(sent);
        if (receipt) return await this.#read(sent, receipt);
        if (receipt === null && ++misses === MISSES) {
          this.#nonce = undefined;
          this.#told("taken");
          throw new DaError("DA_NONCE", { account: this.account, nonce: sent.nonce });
        }
      }
      if (count !== last.count) Object.assign(last, { count, changedAt: now, askedAt: now });
      const waitedMs = now - last.changedAt;
      if (waitedMs >= this.#opts.receiptTimeoutMs) {
        this.#nonce = undefined;
        this.#told("late");
        throw new DaError("DA_RECEIPT_TIMEOUT", { transaction: sent.versions.at(-1)!.hash, waitedMs });
      }
      if (now - last.askedAt >= this.#opts.stallMs) {
        last.askedAt = now;
        await this.#sendAgain(sent).catch(ignoreLostAnswer);
      }
    }
  }

  /** The node may have dropped it, or was started anew: the same bytes again do no harm. Below the base fee, it offers more. */
  async #sendAgain(sent: Sent): Promise<void> {
    const latest = sent.versions.at(-1)!;
    const fees = await this.#fees.raised(latest.fees);
    const signed = fees ? this.#sign(sent, fees) : latest;
    if (fees) sent.versions.push(signed);
    this.#told(fees ? "raised" : "again");
    await this.#rpc.attempt("eth_sendRawTransaction", [signed.raw]);
  }

  /** Of whichever version was mined. */
  async #receipt({ versions }: Sent): Promise<ReceiptFields | null | undefined> {
    let none: null | undefined = null;
    for (const { hash } of versions.toReversed()) {
      const receipt = await this.#receipts.read(hash);
      if (receipt) return receipt;
      if (receipt === undefined) none = undefined;
    }
    return none;
  }

  async #read({ request, gasLimit, versions }: Sent, receipt: ReceiptFields): Promise<Receipt> {
    const hash = receipt.transactionHash as Hex;
    this.#told("mined");
    if (quantity(receipt.status, "receipt") === 0n) {
      const isStarved = quantity(receipt.gasUsed, "receipt") >= gasLimit;
      if (isStarved) this.#told("starved");
      if (isStarved) throw new DaError("DA_OUT_OF_GAS", { transaction: versions.at(-1)!.hash, gasLimit });
      throw await this.#reason(request, receipt.blockNumber);
    }
    return {
      hash,
      block: Number(quantity(receipt.blockNumber, "receipt")),
      contract: typeof receipt.contractAddress === "string" ? (receipt.contractAddress as Hex) : undefined,
    };
  }

  /** Why a mined transaction failed: the same call again, in the state after its block. */
  async #reason(request: TransactionRequest, block: unknown): Promise<DaError> {
    const answer = await this.#rpc.attempt("eth_call", [this.#callOf(request), block]);
    if ("fault" in answer) return this.#refusal("eth_call", answer.fault);
    return new DaError("DA_REVERTED", { error: "no reason", args: [] });
  }

  #refusal(method: string, fault: JsonRpcFault): DaError {
    if (fault.data !== undefined && fault.data.length > 2) {
      const { name, args } = readRevert(fault.data);
      return new DaError("DA_REVERTED", { error: name, args });
    }
    if (/insufficient funds|enough funds/i.test(fault.message))
      return new DaError("DA_FUNDS", { account: this.account });
    if (/revert/i.test(fault.message)) return new DaError("DA_REVERTED", { error: "no reason", args: [] });
    return rpcError(method, fault);
  }
}

function isKnown(message: string): boolean {
  return /already known|already in|known transaction|already exists/i.test(message);
}

function isTooCheap(message: string): boolean {
  return /base fee|insufficient fee|underpriced/i.test(message);
}

import { keccak256, Wallet } from "ethers";
import type { Clock, EvmKey } from "../../service/index.ts";
import { readRevert } from "../contracts.ts";
import type { Hex } from "../DaTypes.ts";
import { DaError } from "../errors/DaError.ts";
import { type JsonRpc, type JsonRpcFault, rpcError } from "./JsonRpc.ts";
import { quantity, record } from "./readAnswer.ts";

export interface TransactionRequest {
  /** Left out to create a contract. */
  readonly to?: Hex;
  readonly data: Hex;
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
  /** Pause between two looks for a receipt. Default 200. */
  readonly receiptPollMs?: number;
  /** Default 120 000. */
  readonly receiptTimeoutMs?: number;
}

interface Signed {
  readonly hash: Hex;
  readonly raw: Hex;
}

/** What a tip is where the chain asks for none: one gwei. */
const TIP = 1_000_000_000n;
/** EIP-7623: what a chain may ask per byte of calldata. Some check the limit against it and do not estimate with it. */
const FLOOR_PER_ZERO_BYTE = 10n;
const FLOOR_PER_BYTE = 40n;
const BASE_GAS = 21_000n;
const MARGIN_GAS = 50_000n;
const NONCE_ATTEMPTS = 3;
/** Ten seconds: several blocks of a chain that runs, and not long for a caller whose transaction is too large indeed. */
const START_ATTEMPTS = 20;
const START_PAUSE_MS = 500;

/**
 * Sends transactions of one account. Nonces are handed out one after the other, receipts are awaited side by side, so that
 * calls may overlap. Another process that uses the account slows this one down, and both may run out of attempts.
 */
export class TransactionSender {
  readonly account: Hex;
  readonly #rpc: JsonRpc;
  readonly #clock: Clock;
  readonly #wallet: Wallet;
  readonly #opts: Required<Omit<TransactionSenderOptions, "key">>;
  #nonce: number | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(opts: TransactionSenderOptions, modules: { readonly rpc: JsonRpc; readonly clock: Clock }) {
    this.#opts = {
      chainId: opts.chainId,
      receiptPollMs: opts.receiptPollMs ?? 200,
      receiptTimeoutMs: opts.receiptTimeoutMs ?? 120_000,
    };
    this.#rpc = modules.rpc;
    this.#clock = modules.clock;
    this.#wallet = new Wallet(opts.key.privateKey.reveal());
    this.account = this.#wallet.address as Hex;
  }

  /**
   * Sends one transaction and waits until it is mined.
   * @throws {DaError} `DA_REVERTED`, `DA_FUNDS`, `DA_NONCE`, `DA_RECEIPT_TIMEOUT`, and those of `JsonRpc`
   */
  async send(request: TransactionRequest): Promise<Receipt> {
    const gas = await this.#estimate(request);
    const signed = await this.#inTurn(() => this.#submit(request, gas));
    return await this.#receipt(request, signed);
  }

  /** A call that would fail is refused here, before it costs anything. */
  async #estimate(request: TransactionRequest): Promise<bigint> {
    const call = { from: this.account, ...request };
    const answer = await this.#rpc.attempt("eth_estimateGas", [call]);
    if ("fault" in answer) throw this.#refusal("eth_estimateGas", answer.fault);
    const estimate = quantity(answer.result, "gas estimate");
    const floor = calldataFloor(request.data);
    // What transactions before it in the block write can make this one dearer: the chunk that seals writes more.
    const least = estimate < floor ? floor : estimate;
    return least + estimate / 10n + MARGIN_GAS;
  }

  async #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(task);
    this.#turn = result.catch(() => undefined); // the caller sees it; the next one's turn comes all the same
    return await result;
  }

  /** Takes the next nonce; when somebody else has taken it in the meantime, the one after. */
  async #submit(request: TransactionRequest, gasLimit: bigint): Promise<Signed> {
    for (let attempt = 1; ; attempt++) {
      const nonce = this.#nonce ?? (await this.#pendingNonce());
      const signed = await this.#sign(request, gasLimit, nonce);
      this.#nonce = undefined; // read anew, unless the node takes this one
      if (await this.#broadcast(signed)) {
        this.#nonce = nonce + 1;
        return signed;
      }
      if (attempt === NONCE_ATTEMPTS) throw new DaError("DA_NONCE", { account: this.account, nonce });
    }
  }

  async #pendingNonce(): Promise<number> {
    const answer = await this.#rpc.ask("eth_getTransactionCount", [this.account, "pending"]);
    return Number(quantity(answer, "nonce"));
  }

  async #sign(request: TransactionRequest, gasLimit: bigint, nonce: number): Promise<Signed> {
    const block = record(await this.#rpc.ask("eth_getBlockByNumber", ["latest", false]), "block");
    const baseFee = block.baseFeePerGas === undefined ? 0n : quantity(block.baseFeePerGas, "base fee");
    const raw = (await this.#wallet.signTransaction({
      type: 2,
      chainId: this.#opts.chainId,
      to: request.to ?? null,
      data: request.data,
      nonce,
      gasLimit,
      maxPriorityFeePerGas: TIP,
      maxFeePerGas: 2n * baseFee + TIP, // six full blocks may pass before it is too little
    })) as Hex;
    return { raw, hash: keccak256(bytesOf(raw)) as Hex };
  }

  /** @returns false when the nonce was taken by another transaction, so that this one will never be mined */
  async #broadcast({ raw, hash }: Signed): Promise<boolean> {
    const answer = await this.#hand(raw);
    if (!("fault" in answer)) return true;
    if (/already known|already in|known transaction|already exists/i.test(answer.fault.message)) return true;
    // A node whose count of pending transactions lags behind its pool hands out a nonce that stands there already.
    const replaces = /replacement transaction/i.test(answer.fault.message);
    if (replaces) await this.#clock.sleep(this.#opts.receiptPollMs);
    else if (!/nonce/i.test(answer.fault.message))
      throw this.#refusal("eth_sendRawTransaction", answer.fault);
    // Sent before, and the answer was lost: then it is there under its hash.
    return (await this.#rpc.ask("eth_getTransactionByHash", [hash])) !== null;
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

  async #receipt(request: TransactionRequest, signed: Signed): Promise<Receipt> {
    const began = this.#clock.now();
    for (let look = 1; ; look++) {
      const answer = await this.#lookFor(signed.hash);
      if (answer) return await this.#read(request, signed.hash, record(answer, "receipt"));
      const waitedMs = this.#clock.now() - began;
      if (waitedMs >= this.#opts.receiptTimeoutMs) {
        this.#nonce = undefined;
        throw new DaError("DA_RECEIPT_TIMEOUT", { transaction: signed.hash, waitedMs });
      }
      // A node may have dropped it, or was started anew; the same bytes again do no harm.
      if (look % 25 === 0)
        await this.#rpc.attempt("eth_sendRawTransaction", [signed.raw]).catch(ignoreLostAnswer);
      await this.#clock.sleep(this.#opts.receiptPollMs);
    }
  }

  /** While a transaction is out, a node that does not answer is asked again: what was sent may be mined all the same. */
  async #lookFor(hash: Hex): Promise<unknown> {
    return await this.#rpc.ask("eth_getTransactionReceipt", [hash]).catch(ignoreLostAnswer);
  }

  async #read(request: TransactionRequest, hash: Hex, receipt: Record<string, unknown>): Promise<Receipt> {
    if (quantity(receipt.status, "receipt") === 0n) throw await this.#reason(request, receipt.blockNumber);
    return {
      hash,
      block: Number(quantity(receipt.blockNumber, "receipt")),
      contract: typeof receipt.contractAddress === "string" ? (receipt.contractAddress as Hex) : undefined,
    };
  }

  /** Why a mined transaction failed: the same call again, in the state after its block. */
  async #reason(request: TransactionRequest, block: unknown): Promise<DaError> {
    const answer = await this.#rpc.attempt("eth_call", [{ from: this.account, ...request }, block]);
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

/** The least gas limit under which a chain with EIP-7623 takes this calldata. */
export function calldataFloor(data: Hex): bigint {
  const bytes = bytesOf(data);
  let zeros = 0n;
  for (const byte of bytes) if (byte === 0) zeros++;
  return BASE_GAS + zeros * FLOOR_PER_ZERO_BYTE + (BigInt(bytes.length) - zeros) * FLOOR_PER_BYTE;
}

/** A chunk is 200 000 digits: worth more than a loop over them. */
function bytesOf(data: Hex): Buffer {
  return Buffer.from(data.slice(2), "hex");
}

function ignoreLostAnswer(error: unknown): undefined {
  if (error instanceof DaError && error.remedy === "retry") return undefined;
  throw error;
}

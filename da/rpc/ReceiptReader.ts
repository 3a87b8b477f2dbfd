import type { Hex } from "../DaTypes.ts";
import type { JsonRpc } from "./JsonRpc.ts";
import { ignoreLostAnswer } from "./MinedCount.ts";
import { record } from "./readAnswer.ts";

/** Codes for a method that a node does not have: JSON-RPC's own, and Hardhat's. */
const METHOD_UNKNOWN: readonly number[] = [-32_601, -32_004];

/** A node's answer, fields unread. */
export type ReceiptFields = Readonly<Record<string, unknown>>;

/**
 * Receipts of mined transactions, one question after the other. While several wait, a whole block's are read at once: a node
 * of CometBFT reads the block anew, megabytes of it, for each question.
 */
export class ReceiptReader {
  readonly #rpc: JsonRpc;
  readonly #waiting = new Map<Hex, number>();
  readonly #found = new Map<Hex, ReceiptFields>();
  #turn: Promise<unknown> = Promise.resolve();
  #ofBlocks = true;

  constructor(rpc: JsonRpc) {
    this.#rpc = rpc;
  }

  /** Null when the node has none, undefined when it does not answer. */
  async read(hash: Hex): Promise<ReceiptFields | null | undefined> {
    this.#waiting.set(hash, (this.#waiting.get(hash) ?? 0) + 1);
    const answer = this.#turn.then(() => this.#read(hash));
    this.#turn = answer.catch(() => undefined);
    try {
      return await answer;
    } finally {
      this.#leave(hash);
    }
  }

  #leave(hash: Hex): void {
    const others = this.#waiting.get(hash)! - 1;
    if (others > 0) return void this.#waiting.set(hash, others);
    this.#waiting.delete(hash);
    this.#found.delete(hash);
  }

  async #read(hash: Hex): Promise<ReceiptFields | null | undefined> {
    const known = this.#found.get(hash);
    if (known) return known;
    const answer = await this.#rpc.ask("eth_getTransactionReceipt", [hash]).catch(ignoreLostAnswer);
    if (answer === null || answer === undefined) return answer;
    const receipt = record(answer, "receipt");
    if (this.#waiting.size > 1) await this.#readBlock(receipt.blockNumber);
    return receipt;
  }

  /** Keeps those that somebody waits for. Nodes that do not know the question are not asked it again. */
  async #readBlock(block: unknown): Promise<void> {
    if (!this.#ofBlocks) return;
    const answer = await this.#rpc.attempt("eth_getBlockReceipts", [block]).catch(ignoreLostAnswer);
    if (answer === undefined) return;
    if ("fault" in answer) this.#ofBlocks &&= !METHOD_UNKNOWN.includes(answer.fault.code); // else its index lags
    if (!("result" in answer) || !Array.isArray(answer.result)) return;
    for (const item of answer.result) {
      const receipt = record(item, "receipt");
      const hash = receipt.transactionHash as Hex;
      if (this.#waiting.has(hash)) this.#found.set(hash, receipt);
    }
  }
}

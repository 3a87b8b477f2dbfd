import type { Interface, LogDescription } from "ethers";
import type { Hex } from "../DaTypes.ts";
import { DaError } from "../errors/DaError.ts";
import type { JsonRpc } from "./JsonRpc.ts";
import { hex, quantity, record } from "./readAnswer.ts";

export interface LogQuery {
  readonly address: Hex;
  readonly fromBlock: number;
  readonly toBlock: number;
  /** As in `eth_getLogs`: null is anything, an array is any of it. */
  readonly topics: readonly (Hex | readonly Hex[] | null)[];
}

export interface DecodedLog {
  readonly event: LogDescription;
  readonly block: number;
  readonly logIndex: number;
  readonly transaction: Hex;
}

/** Chains of CometBFT have no block 0, and a node of one that is asked for it answers with its latest block. */
const FIRST_BLOCK = 1;

/** Logs of whole blocks, oldest first. @throws {DaError} `DA_ANSWER_MALFORMED`, and those of `JsonRpc` */
export async function queryLogs(rpc: JsonRpc, contract: Interface, query: LogQuery): Promise<DecodedLog[]> {
  const { address, toBlock, topics } = query;
  const fromBlock = Math.max(query.fromBlock, FIRST_BLOCK);
  if (toBlock < fromBlock) return [];
  const filter = { address, fromBlock: toQuantity(fromBlock), toBlock: toQuantity(toBlock), topics };
  const answer = await rpc.ask("eth_getLogs", [filter]);
  if (!Array.isArray(answer)) throw new DaError("DA_ANSWER_MALFORMED", { what: "logs" });
  return answer
    .map((log) => decode(contract, record(log, "log")))
    .sort((a, b) => a.block - b.block || a.logIndex - b.logIndex);
}

function toQuantity(value: number): Hex {
  return `0x${value.toString(16)}`;
}

function decode(contract: Interface, log: Record<string, unknown>): DecodedLog {
  const topics = (log.topics as unknown[]).map((topic) => hex(topic, "log"));
  const event = contract.parseLog({ topics, data: hex(log.data, "log") });
  if (!event) throw new DaError("DA_ANSWER_MALFORMED", { what: "log" });
  return {
    event,
    block: Number(quantity(log.blockNumber, "log")),
    logIndex: Number(quantity(log.logIndex, "log")),
    transaction: hex(log.transactionHash, "log"),
  };
}

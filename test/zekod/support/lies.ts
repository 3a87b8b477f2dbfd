import { Interface } from "ethers";
import { batchInboxArtifact } from "../../../da/contracts.generated.ts";
import type { Fate, RpcAnswer, RpcRequest } from "../../da/support/rpcProxy.ts";

type Lie = (request: RpcRequest) => Fate;
type Log = { readonly data: string };
type Call = { readonly data?: string; readonly input?: string };

const inbox = new Interface(batchInboxArtifact.abi);
/** header, statement, data root, r, s */
const OPENED_WORDS = 11;

/** The chain as it was at a block. */
export function lag(head: string): Lie {
  return (request) => {
    if (request.method === "eth_blockNumber") return { instead: { result: head } };
    const params = request.params.map((param) => (param === "latest" ? head : param));
    return { forward: { ...request, params } };
  };
}

/** Nothing has happened. */
export const hiddenLogs: Lie = ({ method }) =>
  method === "eth_getLogs" ? { instead: { result: [] } } : "pass";

/** A batch's opening with another word in it: 2 is the target state, 8 the data root, 9 the signature's first half. */
export function otherOpening(word: number): Lie {
  const isOpening = ({ data }: Log) => data.length === 2 + 64 * OPENED_WORDS;
  const change = (log: Log) => (isOpening(log) ? { ...log, data: flipped(log.data, word) } : log);
  return ({ method }) =>
    method === "eth_getLogs"
      ? (answer) => ({ ...answer, result: (answer.result as Log[]).map(change) })
      : "pass";
}

/** A view of the inbox that answers with another word. */
export function otherAnswer(view: "chunkRootsOf" | "isPoster" | "batchOf", word: number): Lie {
  const { selector } = inbox.getFunction(view)!;
  return ({ method, params }) => {
    if (method !== "eth_call") return "pass";
    const { data, input = data } = params[0] as Call;
    return input?.startsWith(selector) ? (answer) => changed(answer, word) : "pass";
  };
}

/** Posted bytes with one of them changed. @param bytes as they were posted */
export function otherBytes(bytes: Uint8Array): Lie {
  const posted = Buffer.from(bytes.subarray(0, 64)).toString("hex");
  return ({ method }) =>
    method === "eth_getTransactionByHash"
      ? (answer) => {
          const { input = "", ...rest } = (answer.result ?? {}) as { input?: string };
          const at = input.indexOf(posted);
          if (at < 0) return answer;
          return { ...answer, result: { ...rest, input: flippedAt(input, at + 8) } };
        }
      : "pass";
}

function changed(answer: RpcAnswer, word: number): RpcAnswer {
  return typeof answer.result === "string" ? { ...answer, result: flipped(answer.result, word) } : answer;
}

/** The last digit of a word of ABI encoded data. */
function flipped(data: string, word: number): string {
  return flippedAt(data, 2 + 64 * word + 63);
}

function flippedAt(text: string, at: number): string {
  const digit = (Number.parseInt(text[at]!, 16) ^ 1).toString(16);
  return `${text.slice(0, at)}${digit}${text.slice(at + 1)}`;
}

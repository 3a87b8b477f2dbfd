import { RemoteError, requestJson } from "../../service/index.ts";
import { DaError } from "../errors/DaError.ts";

export interface JsonRpcOptions {
  readonly url: string;
  /** For one request. Receipts of unknown transactions can take a node half a minute. Default 40 000. */
  readonly timeoutMs?: number;
}

/** An error that the node itself answered with. Its text is the node's: for matching, never for logs above debug. */
export interface JsonRpcFault {
  readonly code: number;
  readonly message: string;
  /** Revert data, where there is any. */
  readonly data: string | undefined;
}

/** Blocks of logs and posted chunks are the largest answers. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** JSON-RPC over HTTP, one request at a time. Nothing is cached: two equal questions may have different answers. */
export class JsonRpc {
  readonly url: string;
  readonly #timeoutMs: number;
  readonly #stopped = new AbortController();
  #id = 0;

  constructor({ url, timeoutMs = 40_000 }: JsonRpcOptions) {
    this.url = url;
    this.#timeoutMs = timeoutMs;
  }

  /** Gives up every request under way. */
  close(): void {
    this.#stopped.abort();
  }

  /** @throws {DaError} `DA_UNREACHABLE`, `DA_RPC`, `DA_ANSWER_MALFORMED` */
  async ask(method: string, params: readonly unknown[] = []): Promise<unknown> {
    const answer = await this.attempt(method, params);
    if ("result" in answer) return answer.result;
    throw rpcError(method, answer.fault);
  }

  /** As {@link ask}, for callers that decide by the node's error. @throws {DaError} `DA_UNREACHABLE`, `DA_ANSWER_MALFORMED` */
  async attempt(
    method: string,
    params: readonly unknown[],
  ): Promise<{ result: unknown } | { fault: JsonRpcFault }> {
    this.#id += 1;
    const body = await this.#post({ jsonrpc: "2.0", id: this.#id, method, params }, method);
    if (body === null || typeof body !== "object") throw new DaError("DA_ANSWER_MALFORMED", { what: method });
    if ("error" in body && body.error) return { fault: faultOf(body.error) };
    if ("result" in body) return { result: body.result };
    throw new DaError("DA_ANSWER_MALFORMED", { what: method });
  }

  async #post(json: unknown, method: string): Promise<unknown> {
    try {
      return await requestJson({
        url: this.url,
        json,
        timeoutMs: this.#timeoutMs,
        maxBytes: MAX_ANSWER_BYTES,
        signal: this.#stopped.signal,
      });
    } catch (cause) {
      if (!(cause instanceof RemoteError)) throw cause;
      const data = { url: new URL(this.url).origin, method, reason: cause.code };
      throw new DaError("DA_UNREACHABLE", data, { cause });
    }
  }
}

export function rpcError(method: string, fault: JsonRpcFault): DaError {
  // The node's text is not ours to repeat: it may be long, and quotes what was sent.
  return new DaError("DA_RPC", { method, rpcCode: fault.code, reason: fault.message.slice(0, 120) });
}

/** Nodes put revert data into `data`, or one level deeper. */
function faultOf(error: unknown): JsonRpcFault {
  const { code, message, data } = error as { code?: unknown; message?: unknown; data?: unknown };
  const inner = data !== null && typeof data === "object" ? (data as { data?: unknown }).data : data;
  return {
    code: typeof code === "number" ? code : 0,
    message: typeof message === "string" ? message : "",
    data: typeof inner === "string" && /^0x([0-9a-fA-F]{2})*$/.test(inner) ? inner : undefined,
  };
}

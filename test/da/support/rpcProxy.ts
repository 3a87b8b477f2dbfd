import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface RpcRequest {
  readonly id?: unknown;
  readonly method: string;
  readonly params: readonly unknown[];
}
export interface RpcAnswer {
  result?: unknown;
  error?: { code: number; message: string };
}

/**
 * What happens to a request: `pass` forwards it; `drop` cuts the connection before the node hears of it; `lose` lets the node
 * do it and cuts the connection then; a number answers with that status; a function changes the node's answer; `instead` is
 * answered without the node's hearing of it; `forward` asks the node something else.
 */
export type Fate =
  | "pass"
  | "drop"
  | "lose"
  | number
  | ((answer: RpcAnswer) => RpcAnswer)
  | { readonly instead: RpcAnswer }
  | { readonly forward: RpcRequest };

export interface RpcProxy {
  readonly url: string;
  /** The node behind it; another one from the next request on. */
  target: string;
  /** Decides about each request; starts by passing all. */
  fate: (request: RpcRequest) => Fate;
  /** Methods of all requests so far. */
  readonly seen: string[];
  close(): Promise<void>;
}

/** A node that fails, forgets or lies as told. */
export async function rpcProxy(target: string): Promise<RpcProxy> {
  const proxy = { fate: (): Fate => "pass", seen: [] as string[], target };
  const server = createServer(async (incoming, outgoing) => {
    const body = await read(incoming);
    const request = JSON.parse(body) as RpcRequest;
    proxy.seen.push(request.method);
    const fate = (proxy.fate as RpcProxy["fate"])(request);
    if (fate === "drop") return void incoming.socket.destroy();
    if (typeof fate === "number") return void outgoing.writeHead(fate).end("{}");
    const headers = { "content-type": "application/json" };
    if (typeof fate === "object" && "instead" in fate) {
      const { id = null } = request;
      return void outgoing
        .writeHead(200, headers)
        .end(JSON.stringify({ jsonrpc: "2.0", id, ...fate.instead }));
    }
    const asked = typeof fate === "object" ? JSON.stringify({ ...request, ...fate.forward }) : body;
    const sent = await fetch(proxy.target, { method: "POST", body: asked, headers }).catch(() => undefined);
    if (!sent) return void incoming.socket.destroy(); // the node is down
    const answer = await sent.json();
    if (fate === "lose") return void incoming.socket.destroy();
    outgoing
      .writeHead(200, headers)
      .end(JSON.stringify(typeof fate === "function" ? fate(answer as RpcAnswer) : answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(proxy, {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

async function read(incoming: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

/** `fate` for the next `count` requests of a method, `pass` for all others. */
export function times(count: number, method: string, fate: Fate): (request: RpcRequest) => Fate {
  let left = count;
  return (request) => (request.method === method && left-- > 0 ? fate : "pass");
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ZekoError } from "../../protocol/index.ts";
import { GraphqlError } from "../errors/GraphqlError.ts";
import { createMinaGraphql, type GraphqlAnswer, type MinaGraphqlOptions } from "./createMinaGraphql.ts";

export interface MinaGraphqlServerOptions extends MinaGraphqlOptions {
  /** Loopback unless told otherwise: the endpoint has no authentication, as a daemon's has none. */
  readonly host?: string;
  /** 0 picks a free port. */
  readonly port?: number;
  /** Value of `access-control-allow-origin`, for wallets and pages in browsers. None by default. */
  readonly allowOrigin?: string;
  /** Asked first; true means that it has answered. Where a role hangs its other paths. */
  readonly otherRoutes?: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;
}

export interface MinaGraphqlServer {
  /** Resolves once it listens. */
  start(): Promise<{ readonly host: string; readonly port: number; readonly url: string }>;
  /** Lets running requests finish. May be called twice. */
  stop(): Promise<void>;
}

/** Handles one request for `/graphql` or `/v1/graphql`; false when the path is another's. For mounting on a server of your own. */
export type MinaGraphqlHandler = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

export function createMinaGraphqlHandler(
  options: MinaGraphqlOptions & Pick<MinaGraphqlServerOptions, "allowOrigin">,
): MinaGraphqlHandler {
  const graphql = createMinaGraphql(options);
  const cors: Record<string, string> = options.allowOrigin
    ? { "access-control-allow-origin": options.allowOrigin, "access-control-allow-headers": "content-type" }
    : {};
  let inWork = 0;
  return async (request, response) => {
    const path = (request.url ?? "").split("?", 1)[0];
    if (path !== "/graphql" && path !== "/v1/graphql") return false;
    if (request.method === "OPTIONS" && options.allowOrigin) {
      response.writeHead(204, cors).end();
      return true;
    }
    inWork += 1;
    try {
      if (inWork > graphql.limits.concurrentRequests) {
        throw new GraphqlError("GRAPHQL_BUSY", { limit: graphql.limits.concurrentRequests });
      }
      const body = await readJsonBody(request, graphql.limits.bodyBytes);
      // 200 also with errors: o1js shows a client the GraphQL message of a 200 and throws away that of any other status.
      sendJson(response, 200, await graphql.execute(body), cors);
    } catch (error) {
      sendFault(response, error, cors);
    } finally {
      inWork -= 1;
    }
    return true;
  };
}

/** An HTTP server of its own for a backend. See `createMinaGraphqlHandler` for one that is shared. */
export function createMinaGraphqlServer(options: MinaGraphqlServerOptions): MinaGraphqlServer {
  const handle = createMinaGraphqlHandler(options);
  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => {
      options.onInternalError?.(error);
      if (!response.headersSent) sendJson(response, 500, answerOf("Internal error", "INTERNAL"), {});
    });
  });
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    if (await options.otherRoutes?.(request, response)) return;
    if (await handle(request, response)) return;
    sendFault(response, new GraphqlError("GRAPHQL_NOT_FOUND", {}), {});
  };
  server.requestTimeout = 30_000;
  server.headersTimeout = 10_000;
  const host = options.host ?? "127.0.0.1";
  return {
    async start() {
      await listen(server, host, options.port ?? 0);
      const { port } = server.address() as AddressInfo;
      return { host, port, url: `http://${host.includes(":") ? `[${host}]` : host}:${port}/graphql` };
    },
    stop: () => close(server),
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  if (!server.listening) return Promise.resolve();
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}

/**
 * Reads a bounded JSON body of a POST.
 * @throws {GraphqlError} `GRAPHQL_NOT_FOUND`, `GRAPHQL_CONTENT_TYPE`, `GRAPHQL_BODY_TOO_LARGE`, `GRAPHQL_BODY_MALFORMED`
 */
export async function readJsonBody(request: IncomingMessage, limitBytes: number): Promise<unknown> {
  if (request.method !== "POST") throw new GraphqlError("GRAPHQL_NOT_FOUND", {});
  const type = (request.headers["content-type"] ?? "").split(";", 1)[0]!.trim().toLowerCase();
  if (type !== "application/json") throw new GraphqlError("GRAPHQL_CONTENT_TYPE", {});
  const tooLarge = () => new GraphqlError("GRAPHQL_BODY_TOO_LARGE", { limitBytes });
  if (Number(request.headers["content-length"] ?? 0) > limitBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limitBytes) throw tooLarge();
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    throw new GraphqlError("GRAPHQL_BODY_MALFORMED", { reason: "not JSON" });
  }
}

/** @param status HTTP status. The connection closes after a refusal, as the rest of the body may still be under way. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string>,
): void {
  const close: Record<string, string> = status === 200 ? {} : { connection: "close" };
  response
    .writeHead(status, { "content-type": "application/json", ...headers, ...close })
    .end(JSON.stringify(body));
}

function answerOf(message: string, code: string): GraphqlAnswer {
  return { errors: [{ message, extensions: { code } }] };
}

const statuses: Readonly<Record<string, number>> = {
  GRAPHQL_NOT_FOUND: 404,
  GRAPHQL_BODY_TOO_LARGE: 413,
  GRAPHQL_CONTENT_TYPE: 415,
  GRAPHQL_BUSY: 503,
};

function sendFault(response: ServerResponse, error: unknown, headers: Record<string, string>): void {
  if (!(error instanceof ZekoError)) throw error;
  sendJson(response, statuses[error.code] ?? 400, answerOf(error.message, error.code), headers);
}

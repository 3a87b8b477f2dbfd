import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Counter, Histogram } from "prom-client";
import type { Clock } from "../clock/Clock.ts";
import { systemClock } from "../clock/systemClock.ts";
import { HttpError } from "../errors/HttpError.ts";
import { faultOf } from "../log/faultOf.ts";
import type { Logger } from "../log/Logger.ts";
import type { MetricRegister } from "../metrics/createMetricRegister.ts";
import type { Service } from "../Service.ts";
import { isHostAllowed } from "./isHostAllowed.ts";
import { parseJsonBody } from "./parseJsonBody.ts";
import type { Readiness } from "./Readiness.ts";
import type { HttpReply, Route } from "./Route.ts";
import { Router } from "./Router.ts";
import { readBody } from "./readBody.ts";
import { standardRoutes } from "./standardRoutes.ts";
import { errorReply, writeReply } from "./writeReply.ts";

export type HttpServerOptions = {
  /** For metric names: `zeko_<role>_http_…`. */
  readonly role: string;
  /** Loopback by default. */
  readonly host?: string;
  /** 0 lets the system choose; `url` then tells. */
  readonly port: number;
  /** 1 MiB by default. */
  readonly maxBodyBytes?: number;
  /** For the headers, and again for the whole request; 10 s by default. A slow client is cut off after it. */
  readonly requestTimeoutMs?: number;
  /** For a handler; 30 s by default. */
  readonly handlerTimeoutMs?: number;
  /** Requests in hand at a time, 64 by default, and four times as many connections. */
  readonly maxInFlight?: number;
  /** How long `stop` waits for requests in hand; 5 s by default. */
  readonly drainMs?: number;
  /** Lets every web page read the answers (wallets, explorer). Off by default. */
  readonly openToWebPages?: boolean;
};

export type HttpServerModules = {
  readonly routes: readonly Route[];
  readonly readiness: Readiness;
  readonly register: MetricRegister;
  readonly log: Logger;
  readonly clock?: Clock;
};

const MAX_HEADER_BYTES = 16 * 1024;

/**
 * Our one HTTP server: limits on size, time and number, coded errors, `/livez`, `/readyz`, `/metrics`.
 *
 * Nothing reaches a handler before host, path, method and size are checked. Not for the open internet without a proxy in
 * front: it knows neither TLS nor clients' names.
 */
export class HttpServer implements Service {
  readonly #options: Required<HttpServerOptions>;
  readonly #modules: Required<HttpServerModules>;
  readonly #router: Router;
  readonly #requests: Counter<"route" | "status">;
  readonly #seconds: Histogram<"route">;
  readonly #stopping = new AbortController();
  #server: Server | undefined;
  #inFlight = 0;

  constructor(options: HttpServerOptions, modules: HttpServerModules) {
    this.#options = {
      host: "127.0.0.1",
      maxBodyBytes: 1 << 20,
      requestTimeoutMs: 10_000,
      handlerTimeoutMs: 30_000,
      maxInFlight: 64,
      drainMs: 5_000,
      openToWebPages: false,
      ...options,
    };
    this.#modules = { clock: systemClock, ...modules };
    this.#router = new Router([...standardRoutes(modules.readiness, modules.register), ...modules.routes]);
    this.#requests = modules.register.counter({
      name: `zeko_${options.role}_http_requests_total`,
      help: "HTTP requests by route and status",
      labelNames: ["route", "status"],
    });
    this.#seconds = modules.register.histogram({
      name: `zeko_${options.role}_http_request_seconds`,
      help: "Time from a request's headers to its answer",
      labelNames: ["route"],
      buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 30],
    });
  }

  /** @throws {HttpError} `HTTP_LISTEN_FAILED` */
  async start(): Promise<void> {
    const { host, port, requestTimeoutMs, maxInFlight } = this.#options;
    const server = createServer(
      {
        maxHeaderSize: MAX_HEADER_BYTES,
        headersTimeout: requestTimeoutMs,
        requestTimeout: requestTimeoutMs,
        keepAliveTimeout: 5_000,
        // How often Node looks for requests past their time.
        connectionsCheckingInterval: Math.max(50, Math.floor(requestTimeoutMs / 4)),
      },
      (request, response) => void this.#serve(request, response),
    );
    server.maxConnections = 4 * maxInFlight;
    server.on("clientError", refuseBrokenRequest);
    await new Promise<void>((resolve, reject) => {
      server.once("error", (cause: NodeJS.ErrnoException) =>
        reject(
          new HttpError("HTTP_LISTEN_FAILED", { host, port, reason: cause.code ?? cause.name }, { cause }),
        ),
      );
      server.listen(port, host, resolve);
    });
    this.#server = server;
    this.#modules.log.info("listening", { url: this.url });
  }

  /** Takes no new requests, lets those in hand finish for `drainMs`, then cuts the rest. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.#stopping.abort();
    if (!server) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    const deadline = new AbortController();
    const cut = this.#modules.clock
      .sleep(this.#options.drainMs, deadline.signal)
      .then(() => server.closeAllConnections());
    await Promise.race([closed, cut]);
    deadline.abort();
    await closed;
  }

  /** `http://127.0.0.1:8080`, while it listens. */
  get url(): string {
    const address = this.#server?.address() as AddressInfo | null | undefined;
    if (!address) throw new TypeError("the server does not listen");
    const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
    return `http://${host}:${address.port}`;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const began = this.#modules.clock.now();
    const seen = { route: "none" };
    this.#inFlight++;
    let reply: HttpReply;
    try {
      reply = await this.#answer(request, response, seen);
    } catch (error) {
      reply = errorReply(error);
      // Refusals are the client's affair and counted; only what we did not foresee is logged.
      if (reply.status === 500)
        this.#modules.log.error("request failed", { route: seen.route, ...faultOf(error) });
    }
    this.#inFlight--;
    this.#send(request, response, reply);
    this.#requests.inc({ route: seen.route, status: String(reply.status ?? 200) });
    this.#seconds.observe({ route: seen.route }, (this.#modules.clock.now() - began) / 1000);
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    seen: { route: string },
  ): Promise<HttpReply> {
    const { host, maxInFlight, maxBodyBytes, openToWebPages } = this.#options;
    if (this.#stopping.signal.aborted) throw new HttpError("HTTP_DRAINING", {});
    if (this.#inFlight > maxInFlight) throw new HttpError("HTTP_OVERLOADED", { limit: maxInFlight });
    if (!isHostAllowed(host, request.headers.host)) throw new HttpError("HTTP_HOST_REFUSED", {});
    const method = request.method === "HEAD" ? "GET" : request.method!;
    if (method === "OPTIONS" && openToWebPages) return { status: 204, text: "" };
    const url = parseTarget(request.url!);
    const { route, params } = this.#router.match(method, url.pathname);
    seen.route = route.path;
    const body = await readBody(request, route.maxBodyBytes ?? maxBodyBytes);
    return this.#handle(route, response, (signal) => ({
      method,
      path: url.pathname,
      params,
      query: url.searchParams,
      headers: request.headers,
      body,
      signal,
      json: () => parseJsonBody(request.headers, body),
    }));
  }

  /** Runs a handler within its time. One that goes on after it keeps running, but its signal has told it to stop. */
  async #handle(
    route: Route,
    response: ServerResponse,
    requestWith: (signal: AbortSignal) => Parameters<Route["handle"]>[0],
  ): Promise<HttpReply> {
    const timeoutMs = route.timeoutMs ?? this.#options.handlerTimeoutMs;
    const over = new AbortController();
    const gone = () => over.abort();
    response.once("close", gone);
    const timeout = this.#modules.clock.sleep(timeoutMs, over.signal).then(() => {
      throw new HttpError("HTTP_HANDLER_TIMEOUT", { timeoutMs });
    });
    try {
      return await Promise.race([Promise.resolve(requestWith(over.signal)).then(route.handle), timeout]);
    } finally {
      timeout.catch(() => {}); // it loses the race by being aborted, and nobody waits for it then
      response.off("close", gone);
      over.abort();
    }
  }

  #send(request: IncomingMessage, response: ServerResponse, reply: HttpReply): void {
    // What is left of an unread body would be taken for the next request.
    const closing = this.#stopping.signal.aborted || !request.complete;
    const headers = this.#options.openToWebPages ? { ...webPageHeaders, ...reply.headers } : reply.headers;
    writeReply(response, headers ? { ...reply, headers } : reply, closing);
  }
}

const webPageHeaders = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "GET, POST, OPTIONS",
  "access-control-allow-headers": "content-type",
};

function parseTarget(target: string): URL {
  const url = target.startsWith("/") ? URL.parse(`http://localhost${target}`) : null;
  if (!url) throw new HttpError("HTTP_BAD_REQUEST", { reason: "the request target is not a path" });
  return url;
}

/** Node hands over requests that are broken, too large or too slow before they are requests. */
function refuseBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (socket.destroyed || !socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const refusal =
    error.code === "HPE_HEADER_OVERFLOW"
      ? new HttpError("HTTP_HEADERS_TOO_LARGE", {})
      : error.code === "ERR_HTTP_REQUEST_TIMEOUT"
        ? new HttpError("HTTP_REQUEST_TIMEOUT", {})
        : new HttpError("HTTP_BAD_REQUEST", { reason: "it is not HTTP" });
  const { status, json } = errorReply(refusal) as { status: number; json: unknown };
  const body = `${JSON.stringify(json)}\n`;
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  );
}

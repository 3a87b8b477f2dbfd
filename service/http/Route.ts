import type { IncomingHttpHeaders } from "node:http";

/** A request whose path, method, size and time are already checked. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  /** Values of the `:name` parts of the route's path, decoded. Any text: check it. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The whole body; empty for GET. */
  readonly body: Uint8Array;
  /** Aborts when the client goes away, the handler's time is over or the server stops. */
  readonly signal: AbortSignal;
  /** The body as JSON. @throws {HttpError} `HTTP_MEDIA_TYPE`, `HTTP_BODY_NOT_JSON` */
  json(): unknown;
}

/** What a handler answers; status 200 where it is not given. Bigints in `json` become decimal strings. */
export type HttpReply = { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } & (
  | { readonly json: unknown }
  | { readonly bytes: Uint8Array; readonly contentType?: string }
  | { readonly text: string; readonly contentType?: string }
);

export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** `/v1/batches/:id`. Versioned, unless `unversioned` says why not (a path that others prescribe, such as GraphQL's). */
  readonly path: string;
  readonly unversioned?: string;
  /** Instead of the server's own limit. */
  readonly maxBodyBytes?: number;
  /** Instead of the server's own limit. */
  readonly timeoutMs?: number;
  readonly handle: (request: HttpRequest) => HttpReply | Promise<HttpReply>;
}

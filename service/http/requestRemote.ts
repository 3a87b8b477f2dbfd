import { RemoteError } from "../errors/RemoteError.ts";

export type RemoteRequest = {
  readonly url: string;
  /** Sent as JSON by POST, bigints as decimal strings; without it the request is a GET. */
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** For the whole exchange; 10 s by default. */
  readonly timeoutMs?: number;
  /** Of the answer; 1 MiB by default. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
};

type Limits = { readonly url: string; readonly timeoutMs: number; readonly maxBytes: number };

/**
 * Asks another process over HTTP and believes nothing it says: bounded time and size, no redirects.
 *
 * @throws {RemoteError} `REMOTE_UNREACHABLE`, `REMOTE_TIMEOUT`, `REMOTE_ABORTED`, `REMOTE_TOO_LARGE`, `REMOTE_STATUS`
 */
export async function requestBytes(request: RemoteRequest): Promise<Uint8Array> {
  const limits = {
    url: bareUrl(request.url),
    timeoutMs: request.timeoutMs ?? 10_000,
    maxBytes: request.maxBytes ?? 1 << 20,
  };
  const timeout = AbortSignal.timeout(limits.timeoutMs);
  const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout;
  try {
    const response = await fetch(request.url, { ...requestInit(request), redirect: "error", signal });
    const body = await readBounded(response, limits);
    if (!response.ok)
      throw new RemoteError("REMOTE_STATUS", {
        url: limits.url,
        status: response.status,
        remoteCode: remoteCode(body),
      });
    return body;
  } catch (cause) {
    if (cause instanceof RemoteError) throw cause;
    if (request.signal?.aborted) throw new RemoteError("REMOTE_ABORTED", { url: limits.url }, { cause });
    if (timeout.aborted) throw new RemoteError("REMOTE_TIMEOUT", limits, { cause });
    throw new RemoteError("REMOTE_UNREACHABLE", { url: limits.url, reason: reasonOf(cause) }, { cause });
  }
}

/**
 * `requestBytes`, read as JSON. The result is `unknown` until a decoder has named it.
 *
 * @throws {RemoteError} those of `requestBytes`, and `REMOTE_NOT_JSON`
 */
export async function requestJson(request: RemoteRequest): Promise<unknown> {
  const body = await requestBytes(request);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw new RemoteError("REMOTE_NOT_JSON", { url: bareUrl(request.url) });
  }
}

function requestInit({ json, headers }: RemoteRequest): RequestInit {
  if (json === undefined) return { headers: { accept: "application/json", ...headers } };
  const body = JSON.stringify(json, (_, field) => (typeof field === "bigint" ? field.toString() : field));
  return {
    method: "POST",
    body,
    headers: { accept: "application/json", "content-type": "application/json", ...headers },
  };
}

async function readBounded(response: Response, { url, maxBytes }: Limits): Promise<Uint8Array> {
  const tooLarge = () => new RemoteError("REMOTE_TOO_LARGE", { url, maxBytes });
  if (Number(response.headers.get("content-length") ?? 0) > maxBytes) {
    await response.body?.cancel();
    throw tooLarge();
  }
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.length;
    if (length > maxBytes) throw tooLarge(); // leaving the loop cancels the rest
    parts.push(part);
  }
  return Buffer.concat(parts, length);
}

/** The code of one of our own error answers; null for any other body. Only the form of a code is taken over, never text. */
function remoteCode(body: Uint8Array): string | null {
  try {
    const code: unknown = JSON.parse(new TextDecoder().decode(body)).error.code;
    return typeof code === "string" && /^[A-Z][A-Z0-9_]{2,63}$/.test(code) ? code : null;
  } catch {
    return null;
  }
}

function bareUrl(url: string): string {
  const parsed = URL.parse(url);
  return parsed ? `${parsed.origin}${parsed.pathname}` : "an invalid address";
}

function reasonOf(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  return (
    (inner as NodeJS.ErrnoException | undefined)?.code ?? (inner instanceof Error ? inner.name : "unknown")
  );
}

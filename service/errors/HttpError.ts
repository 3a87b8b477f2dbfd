import { errorClass } from "../../protocol/index.ts";

/** What our HTTP servers refuse. The status of each code is in `http/httpStatus.ts`. */
export const httpFaults = {
  HTTP_BAD_REQUEST: {
    remedy: "final",
    message: ({ reason }: { reason: string }) => `The request is not acceptable: ${reason}.`,
    advice: "Correct the request; docs/operators.md describes each role's paths.",
  },
  HTTP_NOT_FOUND: {
    remedy: "final",
    message: (_: Record<never, never>) => "There is nothing at this path.",
    advice: "Check the path; versioned paths begin with /v1/.",
  },
  HTTP_METHOD_NOT_ALLOWED: {
    remedy: "final",
    message: ({ allowed }: { allowed: string }) => `This path answers to ${allowed} only.`,
    advice: "Use one of the methods named in the Allow header.",
  },
  HTTP_HOST_REFUSED: {
    remedy: "final",
    message: (_: Record<never, never>) =>
      "This server listens on loopback and answers only to loopback host names.",
    advice:
      "Use 127.0.0.1 or localhost in the address. This stops web pages that point a name of theirs here.",
  },
  HTTP_BODY_TOO_LARGE: {
    remedy: "final",
    message: ({ maxBytes }: { maxBytes: number }) => `The body exceeds ${maxBytes} bytes.`,
    advice: "Send less at a time.",
  },
  HTTP_BODY_NOT_JSON: {
    remedy: "final",
    message: (_: Record<never, never>) => "The body is not JSON in UTF-8.",
    advice: "Send one JSON value.",
  },
  HTTP_MEDIA_TYPE: {
    remedy: "final",
    message: ({ expected }: { expected: string }) =>
      `The content type must be ${expected}, without content encoding.`,
    advice: "Set the Content-Type header; it also keeps foreign web pages from posting here.",
  },
  HTTP_HEADERS_TOO_LARGE: {
    remedy: "final",
    message: (_: Record<never, never>) => "The request line and headers are too large.",
    advice: "Send fewer or shorter headers.",
  },
  HTTP_REQUEST_TIMEOUT: {
    remedy: "retry",
    message: (_: Record<never, never>) => "The request did not arrive in time.",
    advice: "Send it faster.",
  },
  HTTP_HANDLER_TIMEOUT: {
    remedy: "retry",
    message: ({ timeoutMs }: { timeoutMs: number }) => `No answer within ${timeoutMs} ms.`,
    advice: "Ask again later; if it stays so, look at the role's metrics.",
  },
  HTTP_OVERLOADED: {
    remedy: "retry",
    message: ({ limit }: { limit: number }) => `More than ${limit} requests are in hand.`,
    advice: "Ask again later.",
  },
  HTTP_DRAINING: {
    remedy: "retry",
    message: (_: Record<never, never>) => "This process is stopping.",
    advice: "Ask again once it is back.",
  },
  HTTP_LISTEN_FAILED: {
    remedy: "final",
    message: ({ host, port, reason }: { host: string; port: number; reason: string }) =>
      `Cannot listen on ${host}:${port} (${reason}).`,
    advice: "Another process may hold the port; choose another with the role's http.port option.",
  },
  HTTP_INTERNAL: {
    remedy: "bug",
    message: (_: Record<never, never>) => "Something went wrong here. The log has the reason.",
    advice: "Report it with the log lines around it.",
  },
} as const;

/** A request that a server refuses, or a server that cannot listen. */
export class HttpError extends errorClass("HttpError", httpFaults) {}

import { ZekoError } from "../../protocol/index.ts";
import { HttpError, type httpFaults } from "../errors/HttpError.ts";

const statuses: Record<keyof typeof httpFaults, number> = {
  HTTP_BAD_REQUEST: 400,
  HTTP_NOT_FOUND: 404,
  HTTP_METHOD_NOT_ALLOWED: 405,
  HTTP_HOST_REFUSED: 421,
  HTTP_BODY_TOO_LARGE: 413,
  HTTP_BODY_NOT_JSON: 400,
  HTTP_MEDIA_TYPE: 415,
  HTTP_HEADERS_TOO_LARGE: 431,
  HTTP_REQUEST_TIMEOUT: 408,
  HTTP_HANDLER_TIMEOUT: 503,
  HTTP_OVERLOADED: 503,
  HTTP_DRAINING: 503,
  HTTP_LISTEN_FAILED: 500,
  HTTP_INTERNAL: 500,
};

/**
 * The status by which an error leaves our servers: ours as listed, other coded errors by what a caller may do about them
 * (final → 400, retry → 503), anything else → 500.
 */
export function httpStatus(error: unknown): number {
  if (error instanceof HttpError) return statuses[error.code];
  if (error instanceof ZekoError)
    return error.remedy === "final" ? 400 : error.remedy === "retry" ? 503 : 500;
  return 500;
}

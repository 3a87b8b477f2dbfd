import type { IncomingHttpHeaders } from "node:http";
import { HttpError } from "../errors/HttpError.ts";

/**
 * A body as JSON. The content type is required: a foreign web page cannot send it without asking first (CORS).
 *
 * @throws {HttpError} `HTTP_MEDIA_TYPE`, `HTTP_BODY_NOT_JSON`
 */
export function parseJsonBody(headers: IncomingHttpHeaders, body: Uint8Array): unknown {
  const type = headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json" || headers["content-encoding"])
    throw new HttpError("HTTP_MEDIA_TYPE", { expected: "application/json" });
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw new HttpError("HTTP_BODY_NOT_JSON", {});
  }
}

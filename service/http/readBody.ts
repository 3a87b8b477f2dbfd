import type { IncomingMessage } from "node:http";
import { HttpError } from "../errors/HttpError.ts";

/**
 * Reads a request's body, never more than `maxBytes` of it.
 *
 * @throws {HttpError} `HTTP_BODY_TOO_LARGE` (before a byte is read where the length is announced), `HTTP_BAD_REQUEST`
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  if (Number(request.headers["content-length"] ?? 0) > maxBytes)
    throw new HttpError("HTTP_BODY_TOO_LARGE", { maxBytes });
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let length = 0;
    request.on("data", (part: Buffer) => {
      length += part.length;
      if (length > maxBytes) {
        parts.length = 0;
        request.pause();
        reject(new HttpError("HTTP_BODY_TOO_LARGE", { maxBytes }));
      } else parts.push(part);
    });
    request.once("end", () => resolve(Buffer.concat(parts, length)));
    request.once("error", (cause) =>
      reject(new HttpError("HTTP_BAD_REQUEST", { reason: "the body broke off" }, { cause })),
    );
    request.once("close", () => reject(new HttpError("HTTP_BAD_REQUEST", { reason: "the body broke off" })));
  });
}

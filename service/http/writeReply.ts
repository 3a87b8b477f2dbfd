import type { ServerResponse } from "node:http";
import { ZekoError } from "../../protocol/index.ts";
import { HttpError } from "../errors/HttpError.ts";
import { httpStatus } from "./httpStatus.ts";
import type { HttpReply } from "./Route.ts";

/** Sends a reply, unless the client has gone or an answer is already on its way. */
export function writeReply(response: ServerResponse, reply: HttpReply, closing: boolean): void {
  if (response.headersSent || response.destroyed) return;
  const { body, contentType } = encode(reply);
  response.writeHead(reply.status ?? 200, {
    "content-type": contentType,
    "content-length": body.length,
    "x-content-type-options": "nosniff",
    ...reply.headers,
    ...(closing ? { connection: "close" } : {}),
  });
  response.end(body);
}

/** `{"error":{"code","message"}}`. Errors that are not ours say nothing of their text. */
export function errorReply(error: unknown): HttpReply {
  const known = error instanceof ZekoError ? error : new HttpError("HTTP_INTERNAL", {});
  const allow: Record<string, string> =
    error instanceof HttpError && error.code === "HTTP_METHOD_NOT_ALLOWED"
      ? { allow: (error.data as { allowed: string }).allowed }
      : {};
  return {
    status: httpStatus(known),
    json: { error: known.toJSON() },
    headers: { ...allow, "cache-control": "no-store" },
  };
}

/** JSON with bigints as decimal strings. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_, field) => (typeof field === "bigint" ? field.toString() : field));
}

function encode(reply: HttpReply): { body: Buffer; contentType: string } {
  if ("json" in reply)
    return { body: Buffer.from(`${toJson(reply.json)}\n`), contentType: "application/json; charset=utf-8" };
  if ("text" in reply)
    return { body: Buffer.from(reply.text), contentType: reply.contentType ?? "text/plain; charset=utf-8" };
  const { buffer, byteOffset, byteLength } = reply.bytes;
  return {
    body: Buffer.from(buffer, byteOffset, byteLength),
    contentType: reply.contentType ?? "application/octet-stream",
  };
}

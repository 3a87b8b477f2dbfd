import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { after, describe, it } from "node:test";
import { requestBytes, requestJson } from "../../service/index.ts";
import { hasCode } from "../support/hasCode.ts";

async function serving(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/x`;
}

describe("requestJson", () => {
  it("posts JSON with bigints as strings, and reads the answer", async () => {
    const url = await serving(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part);
      response.end(
        JSON.stringify({ method: request.method, got: JSON.parse(Buffer.concat(parts).toString()) }),
      );
    });
    assert.deepEqual(await requestJson({ url, json: { n: 5n } }), { method: "POST", got: { n: "5" } });
  });

  it("refuses an answer that is not JSON", async () => {
    const url = await serving((_, response) => response.end("<html>"));
    await assert.rejects(requestJson({ url }), hasCode("REMOTE_NOT_JSON"));
  });

  it("takes an answer of exactly the limit and refuses one byte more, announced or not", async () => {
    for (const announced of [true, false]) {
      const url = await serving((_, response) => {
        if (announced) response.setHeader("content-length", 10);
        response.write("x".repeat(5));
        response.end("x".repeat(5));
      });
      assert.equal((await requestBytes({ url, maxBytes: 10 })).length, 10);
      await assert.rejects(requestBytes({ url, maxBytes: 9 }), hasCode("REMOTE_TOO_LARGE"));
    }
  });

  it("gives up on a silent server", async () => {
    const url = await serving(() => {});
    await assert.rejects(requestBytes({ url, timeoutMs: 20 }), hasCode("REMOTE_TIMEOUT"));
  });

  it("gives up on a server that begins and never ends", async () => {
    const url = await serving((_, response) => void response.write("x"));
    await assert.rejects(requestBytes({ url, timeoutMs: 50 }), hasCode("REMOTE_TIMEOUT"));
  });

  it("gives up when its caller does", async () => {
    const stop = new AbortController();
    const url = await serving(() => stop.abort());
    await assert.rejects(requestBytes({ url, signal: stop.signal }), hasCode("REMOTE_ABORTED"));
  });

  it("follows no redirect", async () => {
    const url = await serving((_, response) => response.writeHead(302, { location: "/v1/elsewhere" }).end());
    await assert.rejects(requestBytes({ url }), hasCode("REMOTE_UNREACHABLE"));
  });

  it("names a server that is not there, without credentials or query", async () => {
    const error = await requestBytes({ url: "http://127.0.0.1:1/v1/x?token=hunter2" }).catch((e: Error) => e);
    assert.match((error as Error).message, /No connection to http:\/\/127.0.0.1:1\/v1\/x/);
    assert.ok(!(error as Error).message.includes("hunter2"));
  });

  it("passes on the code of our own errors, and no other text", async () => {
    const coded = await serving((_, response) =>
      response.writeHead(404).end('{"error":{"code":"HTTP_NOT_FOUND","message":"x"}}'),
    );
    const evil = await serving((_, response) =>
      response.writeHead(500).end('{"error":{"code":"look\\nat me","message":"x"}}'),
    );
    await assert.rejects(requestBytes({ url: coded }), {
      data: { url: coded, status: 404, remoteCode: "HTTP_NOT_FOUND" },
    });
    await assert.rejects(requestBytes({ url: evil }), { data: { url: evil, status: 500, remoteCode: null } });
  });
});

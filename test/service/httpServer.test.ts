import assert from "node:assert/strict";
import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { after, describe, it } from "node:test";
import {
  createHttpServer,
  createMemoryLogger,
  createMetricRegister,
  HttpError,
  type HttpServerOptions,
  ManualClock,
  Readiness,
  type Route,
} from "../../service/index.ts";

const echo: Route = {
  method: "POST",
  path: "/v1/things/:id",
  handle: (request) => ({
    json: { id: request.params.id, query: request.query.get("q"), body: request.json() },
  }),
};

type Setting = { routes?: Route[]; options?: Partial<HttpServerOptions>; clock?: ManualClock };

async function listening({ routes = [echo], options = {}, clock }: Setting = {}) {
  const readiness = new Readiness();
  const log = createMemoryLogger();
  const register = createMetricRegister({ role: "signer" });
  const server = createHttpServer(
    { role: "signer", port: 0, ...options },
    { routes, readiness, register, log, ...(clock ? { clock } : {}) },
  );
  await server.start();
  after(() => server.stop());
  return { server, url: server.url, readiness, log };
}

async function codeAt(url: string, init?: RequestInit): Promise<[number, string]> {
  const response = await fetch(url, init);
  const { error } = (await response.json()) as { error: { code: string } };
  return [response.status, error.code];
}

const post = (
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = { "content-type": "application/json" },
) => ({
  method: "POST",
  body,
  headers,
});

/** Sends raw bytes and returns all that comes back until the server closes. */
async function raw(url: string, text: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.setEncoding("utf8");
  let answer = "";
  socket.on("data", (part) => {
    answer += part;
  });
  socket.on("error", () => {}); // a cut connection counts as its end
  socket.write(text);
  await once(socket, "close");
  return answer;
}

describe("HTTP server", () => {
  it("answers a route with its parameters, query and JSON body", async () => {
    const { url } = await listening();
    const response = await fetch(`${url}/v1/things/a%2Fb?q=5`, post('{"x":1}'));
    assert.deepEqual(await response.json(), { id: "a/b", query: "5", body: { x: 1 } });
  });

  it("listens on loopback unless told otherwise", async () => {
    const { url } = await listening();
    assert.equal(new URL(url).hostname, "127.0.0.1");
  });

  it("writes bigints as decimal strings and bytes as they are", async () => {
    const big: Route = { method: "GET", path: "/v1/big", handle: () => ({ json: { n: 2n ** 64n } }) };
    const bytes: Route = {
      method: "GET",
      path: "/v1/bytes",
      handle: () => ({ bytes: Uint8Array.of(1, 0, 255) }),
    };
    const { url } = await listening({ routes: [big, bytes] });
    assert.deepEqual(await (await fetch(`${url}/v1/big`)).json(), { n: "18446744073709551616" });
    assert.deepEqual([...new Uint8Array(await (await fetch(`${url}/v1/bytes`)).arrayBuffer())], [1, 0, 255]);
  });

  it("refuses an unknown path and names the methods of a known one", async () => {
    const { url } = await listening();
    assert.deepEqual(await codeAt(`${url}/v1/other`), [404, "HTTP_NOT_FOUND"]);
    assert.deepEqual(await codeAt(`${url}/v1/things/1`), [405, "HTTP_METHOD_NOT_ALLOWED"]);
    assert.equal((await fetch(`${url}/v1/things/1`)).headers.get("allow"), "POST");
  });

  it("refuses a path that is not percent encoding", async () => {
    const { url } = await listening();
    assert.deepEqual(await codeAt(`${url}/v1/things/%E0%A4`, post("{}")), [400, "HTTP_BAD_REQUEST"]);
  });

  it("takes a body of exactly the limit and refuses one byte more", async () => {
    const { url } = await listening({ options: { maxBodyBytes: 16 } });
    assert.equal((await fetch(`${url}/v1/things/1`, post(`"${"x".repeat(14)}"`))).status, 200);
    assert.deepEqual(await codeAt(`${url}/v1/things/1`, post(`"${"x".repeat(15)}"`)), [
      413,
      "HTTP_BODY_TOO_LARGE",
    ]);
  });

  it("refuses an oversized body of unannounced length", async () => {
    const { url } = await listening({ options: { maxBodyBytes: 16 } });
    const chunk = "a".repeat(32);
    const answer = await raw(
      url,
      `POST /v1/things/1 HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n${chunk}\r\n`,
    );
    assert.match(answer, /^HTTP\/1.1 413[\s\S]*HTTP_BODY_TOO_LARGE/);
  });

  for (const [name, body] of [
    ["cut JSON", '{"x":'],
    ["invalid UTF-8", new Uint8Array([0x22, 0xff, 0x22])],
    ["nothing", ""],
  ] as const)
    it(`refuses ${name} as a body`, async () => {
      const { url } = await listening();
      assert.deepEqual(await codeAt(`${url}/v1/things/1`, post(body)), [400, "HTTP_BODY_NOT_JSON"]);
    });

  it("refuses a body that a foreign web page could send", async () => {
    const { url } = await listening();
    assert.deepEqual(await codeAt(`${url}/v1/things/1`, post("{}", { "content-type": "text/plain" })), [
      415,
      "HTTP_MEDIA_TYPE",
    ]);
  });

  it("refuses a foreign host name on loopback", async () => {
    const { url } = await listening();
    const status = await new Promise((resolve) => {
      httpRequest(`${url}/livez`, { headers: { host: "evil.example" } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end();
    });
    assert.equal(status, 421);
  });

  it("refuses what is not HTTP, and headers without end", async () => {
    const { url } = await listening();
    assert.match(await raw(url, "\x16\x03\x01 hello\r\n\r\n"), /^HTTP\/1.1 400[\s\S]*HTTP_BAD_REQUEST/);
    const long = `GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Long: ${"x".repeat(20_000)}\r\n\r\n`;
    assert.match(await raw(url, long), /^HTTP\/1.1 431[\s\S]*HTTP_HEADERS_TOO_LARGE/);
  });

  it("cuts off a client that sends its headers too slowly", async () => {
    const { url } = await listening({ options: { requestTimeoutMs: 500 } });
    assert.match(
      await raw(url, "GET /livez HTTP/1.1\r\nHost: loc"),
      /^HTTP\/1.1 408[\s\S]*HTTP_REQUEST_TIMEOUT/,
    );
  });

  it("cuts off a client that sends its body too slowly, and goes on serving others", async () => {
    const { url } = await listening({ options: { requestTimeoutMs: 500 } });
    const slow = raw(url, "POST /v1/things/1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{");
    assert.equal((await fetch(`${url}/livez`)).status, 200);
    assert.match(await slow, /^HTTP\/1.1 408/);
  });

  it("answers in place of a handler that takes too long, and tells it to stop", async () => {
    const clock = new ManualClock();
    let aborted = false;
    const entered = Promise.withResolvers<void>();
    const stuck: Route = {
      method: "GET",
      path: "/v1/stuck",
      handle: ({ signal }) => {
        signal.addEventListener("abort", () => {
          aborted = true;
        });
        entered.resolve();
        return new Promise(() => {});
      },
    };
    const { url } = await listening({ routes: [stuck], clock });
    const answer = codeAt(`${url}/v1/stuck`);
    await entered.promise;
    await clock.advance(30_000);
    assert.deepEqual(await answer, [503, "HTTP_HANDLER_TIMEOUT"]);
    assert.ok(aborted);
  });

  it("refuses more requests in hand than it allows", async () => {
    const release = Promise.withResolvers<void>();
    const entered = Promise.withResolvers<void>();
    const wait: Route = {
      method: "GET",
      path: "/v1/wait",
      handle: async () => {
        entered.resolve();
        await release.promise;
        return { json: {} };
      },
    };
    const { url } = await listening({ routes: [wait], options: { maxInFlight: 1 } });
    const first = fetch(`${url}/v1/wait`);
    await entered.promise;
    assert.deepEqual(await codeAt(`${url}/v1/wait`), [503, "HTTP_OVERLOADED"]);
    release.resolve();
    assert.equal((await first).status, 200);
  });

  it("says nothing of an unforeseen error but its code, and logs it", async () => {
    const bad: Route = {
      method: "GET",
      path: "/v1/bad",
      handle: () => {
        throw new RangeError("secret detail");
      },
    };
    const { url, log } = await listening({ routes: [bad] });
    const response = await fetch(`${url}/v1/bad`);
    const text = await response.text();
    assert.equal(response.status, 500);
    assert.match(text, /HTTP_INTERNAL/);
    assert.ok(!text.includes("secret detail"));
    assert.equal(log.lines.filter(({ level }) => level === "error").length, 1);
  });

  it("answers a coded error of a handler with its code and message", async () => {
    const refuse: Route = {
      method: "GET",
      path: "/v1/refuse",
      handle: () => {
        throw new HttpError("HTTP_BAD_REQUEST", { reason: "no such batch" });
      },
    };
    const { url, log } = await listening({ routes: [refuse] });
    assert.deepEqual(await codeAt(`${url}/v1/refuse`), [400, "HTTP_BAD_REQUEST"]);
    assert.equal(log.lines.filter(({ level }) => level === "error").length, 0);
  });

  it("is alive at once, and ready when every check agrees", async () => {
    const { url, readiness } = await listening();
    readiness.add("chain", () => "behind by 4 blocks");
    readiness.add("broken", () => Promise.reject(new Error("x")));
    assert.equal((await fetch(`${url}/livez`)).status, 200);
    const response = await fetch(`${url}/readyz`);
    assert.equal(response.status, 503);
    assert.deepEqual(await response.json(), {
      status: "not ready",
      checks: { chain: "behind by 4 blocks", broken: "failed" },
    });
    readiness.add("chain", () => null);
    readiness.add("broken", () => null);
    assert.equal((await fetch(`${url}/readyz`)).status, 200);
  });

  it("counts requests by route and status, never by the path that was asked for", async () => {
    const { url } = await listening();
    await fetch(`${url}/v1/things/1`, post("{}"));
    await fetch(`${url}/v1/${"x".repeat(40)}`);
    const text = await (await fetch(`${url}/metrics`)).text();
    assert.match(text, /zeko_signer_http_requests_total\{route="\/v1\/things\/:id",status="200"\} 1/);
    assert.match(text, /zeko_signer_http_requests_total\{route="none",status="404"\} 1/);
    assert.ok(!text.includes("xxxx"));
  });

  it("answers HEAD like GET without the body, and web pages only when told to", async () => {
    const { url } = await listening();
    assert.equal(await (await fetch(`${url}/livez`, { method: "HEAD" })).text(), "");
    assert.equal((await fetch(`${url}/livez`)).headers.get("access-control-allow-origin"), null);
    const { url: open } = await listening({ options: { openToWebPages: true } });
    assert.equal((await fetch(`${open}/v1/things/1`, { method: "OPTIONS" })).status, 204);
    assert.equal((await fetch(`${open}/livez`)).headers.get("access-control-allow-origin"), "*");
  });

  it("refuses a port that is taken, and a route without version or twice", async () => {
    const { server } = await listening();
    const port = Number(new URL(server.url).port);
    await assert.rejects(listening({ options: { port } }), { code: "HTTP_LISTEN_FAILED" });
    await assert.rejects(listening({ routes: [{ ...echo, path: "/things" }] }), TypeError);
    await assert.rejects(listening({ routes: [echo, { ...echo, path: "/v1/things/:other" }] }), TypeError);
  });

  it("lets requests in hand finish when stopped, and takes no new ones", async () => {
    const release = Promise.withResolvers<void>();
    const entered = Promise.withResolvers<void>();
    const wait: Route = {
      method: "GET",
      path: "/v1/wait",
      handle: async () => {
        entered.resolve();
        await release.promise;
        return { json: { done: true } };
      },
    };
    const { server, url } = await listening({ routes: [wait] });
    const first = fetch(`${url}/v1/wait`);
    await entered.promise;
    const stopped = server.stop();
    await assert.rejects(fetch(`${url}/livez`));
    release.resolve();
    assert.deepEqual(await (await first).json(), { done: true });
    await stopped;
    await server.stop();
  });

  it("cuts requests that outlast the drain", async () => {
    const clock = new ManualClock();
    const entered = Promise.withResolvers<void>();
    const stuck: Route = {
      method: "GET",
      path: "/v1/stuck",
      handle: () => {
        entered.resolve();
        return new Promise(() => {});
      },
    };
    const { server, url } = await listening({ routes: [stuck], clock, options: { drainMs: 1_000 } });
    const answer = fetch(`${url}/v1/stuck`).catch(() => "cut");
    await entered.promise;
    const stopped = server.stop();
    await clock.advance(1_000);
    await stopped;
    assert.equal(await answer, "cut");
  });
});

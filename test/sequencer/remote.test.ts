import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { renewalMessage, signFields, toBytes32, verifyFields } from "../../protocol/index.ts";
import { createHttpArchive, createHttpRelay } from "../../sequencer/index.ts";
import {
  createHttpServer,
  createMetricRegister,
  Readiness,
  type Route,
  silentLogger,
} from "../../service/index.ts";
import { testKey } from "../ledger/support/commands.ts";
import { hasCode } from "../support/hasCode.ts";

const hex = (n: number): `0x${string}` => `0x${Buffer.from(toBytes32(BigInt(n))).toString("hex")}`;
const header = (number: number) => ({
  number: String(number),
  source: hex(number),
  target: hex(number + 1),
  landBy: "4294967295",
  dataLength: "3",
  decodedLength: "9",
  scheme: "1",
});

async function serving(routes: readonly Route[]): Promise<string> {
  const register = createMetricRegister({ role: "test" });
  const modules = { routes, readiness: new Readiness(), register, log: silentLogger };
  const server = createHttpServer({ role: "test", port: 0 }, modules);
  await server.start();
  after(() => server.stop());
  return server.url;
}

const list = (answer: (after: number) => unknown): Route => ({
  method: "GET",
  path: "/v1/batches",
  handle: ({ query }) => ({ json: answer(Number(query.get("after"))) }),
});

describe("a validator's copy over HTTP", async () => {
  const url = await serving([
    list((last) => ({
      batches:
        last >= 4 ? [] : [last + 1, last + 2].map((n) => ({ id: hex(n), header: header(n), step: "kept" })),
    })),
    {
      method: "GET",
      path: "/v1/batches/:id/data",
      handle: ({ params }) =>
        params.id === hex(1)
          ? { bytes: Uint8Array.of(1, 2, 3) }
          : { status: 404, json: { error: { code: "SIGNER_NOT_YET", message: "" } } },
    },
  ]);
  const archive = createHttpArchive(url);

  it("is read page by page, to an empty one", async () => {
    const first = await archive.list(0n);
    assert.deepEqual(
      first.batches.map(({ id }) => id),
      [hex(1), hex(2)],
    );
    assert.equal(first.batches[0]!.header.landBy, 4_294_967_295n);
    const second = await archive.list(0n, first.next);
    assert.equal(second.batches.at(-1)!.header.number, 4n);
    const last = await archive.list(0n, second.next);
    assert.deepEqual(last, { batches: [], next: undefined });
  });

  it("gives bytes, or none", async () => {
    assert.deepEqual(await archive.data(hex(1)), Buffer.from([1, 2, 3]));
    assert.equal(await archive.data(hex(2)), undefined);
  });

  const malformed: readonly [name: string, answer: unknown][] = [
    ["is no list", { batches: 7 }],
    ["names a batch by no id", { batches: [{ id: "1", header: header(1) }] }],
    [
      "has a field element above the modulus",
      { batches: [{ id: hex(1), header: { ...header(1), source: `0x${"f".repeat(64)}` } }] },
    ],
    [
      "has a number of 65 bits",
      { batches: [{ id: hex(1), header: { ...header(1), number: "18446744073709551616" } }] },
    ],
    ["goes round in circles", { batches: [{ id: hex(1), header: header(0) }] }],
  ];
  for (const [name, answer] of malformed)
    it(`is refused when it ${name}`, async () => {
      const lying = createHttpArchive(await serving([list(() => answer)]));
      await assert.rejects(lying.list(0n), hasCode("RECOVERY_LIST_MALFORMED"));
    });
});

describe("a relay over HTTP", async () => {
  const asked: URLSearchParams[] = [];
  const url = await serving([
    {
      method: "GET",
      path: "/v1/batches/:id/certificate",
      handle: ({ query }) => {
        asked.push(query);
        return { json: { version: 1 } };
      },
    },
    {
      method: "GET",
      path: "/v1/batches/:id/quorum-proof",
      handle: ({ params }) => ({
        status: params.id === hex(1) ? 404 : 503,
        json: { error: { code: "RELAY_NOT_YET", message: "" } },
      }),
    },
  ]);
  const key = testKey(1);
  let signatures = 0;
  const relay = createHttpRelay(url, {
    domain: 5n,
    sign: (fields) => {
      signatures++;
      return signFields(key.privateKey, fields);
    },
  });

  it("gives a certificate", async () =>
    assert.deepEqual(await relay.certificate(hex(1), 0n), { version: 1 }));
  it("is asked for a later set's with a signature, made once", async () => {
    await relay.certificate(hex(7), 2n);
    await relay.certificate(hex(7), 2n);
    assert.equal(signatures, 1, "none for the first set");
    const [again, query] = [asked.pop()!, asked.pop()!];
    assert.equal(String(again), String(query));
    const signature = { r: BigInt(query.get("r")!), s: BigInt(query.get("s")!) };
    const message = renewalMessage({ domain: 5n, batch: hex(7), epoch: 2n });
    assert.ok(verifyFields(key.publicKey, [message], signature));
  });
  it("has no proof yet, which is no fault", async () =>
    assert.equal(await relay.quorumProof(hex(1), 0n), undefined));
  it("may be in trouble, which is one", () =>
    assert.rejects(relay.quorumProof(hex(2), 0n), hasCode("REMOTE_STATUS")));
});

import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import {
  createHttpServer,
  createMetricRegister,
  exitCodes,
  Readiness,
  type Route,
  silentLogger,
} from "../../service/index.ts";
import { cli } from "./support/cli.ts";

async function serving(route?: Pick<Route, "path" | "handle">, ready = true) {
  const readiness = new Readiness();
  readiness.add("chain", () => (ready ? null : "behind"));
  const routes: Route[] = route ? [{ method: "POST", unversioned: "as the real thing", ...route }] : [];
  const register = createMetricRegister({ role: "test" });
  const server = createHttpServer(
    { role: "test", port: 0 },
    { routes, readiness, register, log: silentLogger },
  );
  await server.start();
  after(() => server.stop());
  return server.url;
}
const mina = async (syncStatus = "SYNCED") => {
  const handle = () => ({ json: { data: { syncStatus, networkID: "mina:devnet" } } });
  return `${await serving({ path: "/graphql", handle })}/graphql`;
};
const chain = (result: unknown = "0x1f") =>
  serving({ path: "/", handle: () => ({ json: { jsonrpc: "2.0", id: 1, result } }) });

describe("zeko doctor", () => {
  it("walks every link in order and says what it saw", async () => {
    const words = [
      "--doctor.l1",
      await mina(),
      "--doctor.da",
      await chain(),
      "--doctor.relay",
      await serving(),
    ];
    const signers = `${await serving()},${await serving()}`;
    const { code, out } = await cli(["doctor", ...words, "--doctor.signers", signers]);
    assert.equal(code, exitCodes.ok);
    assert.equal(
      out,
      "l1: synced, mina:devnet\nda: block 31\nsigner 0: ready\nsigner 1: ready\nrelay: ready\n",
    );
  });

  it("names the first broken link and looks no further", async () => {
    const words = [
      "--doctor.l1",
      await mina(),
      "--doctor.signers",
      `${await serving(undefined, false)},http://127.0.0.1:1`,
    ];
    const { code, out, err } = await cli(["doctor", ...words]);
    assert.equal(code, exitCodes.failed);
    assert.equal(out, "l1: synced, mina:devnet\nsigner 0: broken\n");
    assert.match(err, /code: DOCTOR_LINK_DOWN/);
  });

  const refusals: [name: string, code: string, words: () => Promise<string[]>][] = [
    ["a node that is not synced", "DOCTOR_LINK_DOWN", async () => ["--doctor.l1", await mina("BOOTSTRAP")]],
    ["a chain without a height", "DOCTOR_LINK_DOWN", async () => ["--doctor.da", await chain(null)]],
    [
      "a process that is not there",
      "REMOTE_UNREACHABLE",
      async () => ["--doctor.relay", "http://127.0.0.1:1"],
    ],
    ["another service at the address", "REMOTE_STATUS", async () => ["--doctor.l1", await serving()]],
    ["nothing to look at", "DOCTOR_NOTHING_GIVEN", async () => []],
  ];
  for (const [name, code, words] of refusals)
    it(`reports ${name}`, async () => {
      const run = await cli(["doctor", ...(await words())]);
      assert.equal(run.code, exitCodes.failed);
      assert.match(run.err, new RegExp(`^code: ${code}$`, "m"));
    });
});

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { compileKeys, defaultCacheDirectory, proverOptions } from "../../circuits/index.ts";
import { GraphqlL1Client } from "../../l1/index.ts";
import { GAS_UNITS_PER_NANOMINA, NANOMINA } from "../../protocol/index.ts";
import { LocalNetwork } from "../../scripts/local/LocalNetwork.ts";
import { Timeline } from "../../scripts/local/Timeline.ts";
import { requestJson } from "../../service/index.ts";
import { cli } from "../scripts/support/cli.ts";

const cacheDirectory = defaultCacheDirectory(process.env);
const directory = await mkdtemp(join(tmpdir(), "zeko-gas-"));
const timeline = new Timeline((line) => process.stderr.write(line));
const network = new LocalNetwork(
  { directory, validators: 4, slotDurationMs: 500, userBalance: NANOMINA, cacheDirectory },
  { timeline },
);
/** Somebody without a coin. */
const NEWCOMER = "0x00000000000000000000000000000000000a11ce";

async function balanceOf(address: string): Promise<bigint> {
  const json = { jsonrpc: "2.0", id: 1, method: "eth_getBalance", params: [address, "latest"] };
  return BigInt(((await requestJson({ url: network.urls.chain, json })) as { result: string }).result);
}

/** A command about gas, with the network's own configuration file. */
async function gas(command: string, ...flags: string[]) {
  const words = [
    "gas",
    command,
    "--config",
    join(directory, "zeko.json"),
    "--gas.recipient",
    NEWCOMER,
    ...flags,
  ];
  const { code, out, err } = await cli(words);
  assert.equal(code, 0, `${out}${err}`);
  return out;
}

describe("gas for locked MINA, every role a process and the proof real", () => {
  before(async () => {
    await compileKeys({ ...proverOptions(cacheDirectory), write: false, only: ["gas"] });
    await network.up();
  });
  after(async () => {
    await network.down();
    await rm(directory, { recursive: true, force: true });
  });

  it("pays a newcomer through the relay once L1 and the validators have it", async () => {
    assert.equal(await balanceOf(NEWCOMER), 0n);
    const out = await gas("deposit", "--gas.amount", "5");
    assert.match(out, /locking 5 MINA with transaction 5J/);
    assert.match(out, /paid out in all: gas for 5 MINA/);
    assert.equal(await balanceOf(NEWCOMER), 5n * NANOMINA * GAS_UNITS_PER_NANOMINA);
  });

  it("pays no more when it is claimed again", async () => {
    assert.match(await gas("claim"), /paid out in all: gas for 5 MINA/);
    assert.equal(await balanceOf(NEWCOMER), 5n * NANOMINA * GAS_UNITS_PER_NANOMINA);
  });

  it("pays a second deposit's claim sent with an account of one's own", async () => {
    const key = ["--gas.da-key-file", network.keys.fileOf("poster")];
    await gas("deposit", "--gas.amount", "0.25", ...key);
    assert.equal(await balanceOf(NEWCOMER), 5_250_000_000n * GAS_UNITS_PER_NANOMINA);
  });

  it("tells of all of it", async () => {
    // A quorum was enough for the claim; the last validator may still have to look at L1.
    let out = await gas("status");
    while (out.match(/certifies 5.25 MINA/g)?.length !== 4) out = await gas("status");
    assert.match(out, /locked on L1: 5.25 MINA/);
    assert.match(out, /vault: 5.25 MINA certified, gas for 5.25 paid, 0 units held/);
  });

  it("holds in the account what was locked, and nothing else", async () => {
    const l1 = new GraphqlL1Client({ mina: `${network.urls.l1}/graphql` });
    const account = await l1.account(network.keys.gas.address);
    assert.equal(account!.balance, 5_250_000_000n);
    assert.equal(account!.permissions.send, "Impossible");
  });
});

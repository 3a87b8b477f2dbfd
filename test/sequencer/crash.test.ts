import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { after, describe, it } from "node:test";
import { commandHash, type MinaCommandJson } from "../../l1/index.ts";
import { commandToJson, NONCE_BASE } from "../../protocol/index.ts";
import { type CrashPoint, crashPoints } from "../../sequencer/index.ts";
import { transfer } from "../ledger/support/commands.ts";
import { serveRollup } from "./support/rollupServer.ts";
import { newDirectory, TestRollup } from "./support/TestRollup.ts";
import { alice, bob, MINA } from "./support/testDeployment.ts";
import { type BatchView, closeBatch, get, reached, send } from "./support/userCalls.ts";

const script = new URL("./support/sequencerChild.ts", import.meta.url).pathname;

describe("a sequencer that is killed at every point", async () => {
  const rollup = new TestRollup();
  const { url: worldUrl, server } = await serveRollup(rollup);
  const dataDirectory = newDirectory();
  const children: ChildProcess[] = [];
  after(() => {
    for (const child of children) child.kill("SIGKILL");
    server.close();
  });

  /** A sequencer on the same disk; it dies at `point`. @returns its address, unless it died before it had one */
  async function start(point?: CrashPoint): Promise<{ url: string | undefined; dead: Promise<string> }> {
    const flags = [script, worldUrl, dataDirectory, ...(point ? [point] : [])];
    const child = spawn(process.execPath, flags, { stdio: ["ignore", "pipe", "inherit"] });
    children.push(child);
    const dead = once(child, "exit").then(([, signal]) => String(signal));
    const line = once(createInterface(child.stdout!), "line").then(([text]) => String(text));
    return { url: await Promise.race([line, dead.then(() => undefined)]), dead };
  }

  const transactions: string[] = [];
  let nonce = NONCE_BASE;
  /** Sends the next transfer until somebody has acknowledged it. */
  async function pay(url: string): Promise<void> {
    const command = transfer({ from: alice, to: bob.publicKey, amount: 1n, nonce, fee: MINA });
    const answer = await send(url, command).catch(() => undefined);
    if (!answer) return;
    // Acknowledged by a process that died before it could say so, and in a block since.
    const isKnown = "code" in answer && answer.code === "MEMPOOL_DUPLICATE";
    assert.ok("hash" in answer || isKnown, JSON.stringify(answer));
    transactions.push(
      "hash" in answer
        ? answer.hash
        : await commandHash(commandToJson(command) as unknown as MinaCommandJson),
    );
    nonce++;
  }

  // In the order of a batch's life, so that one batch meets every point, each time in a new process.
  for (const point of crashPoints)
    it(`dies behind "${point}", and goes on`, async () => {
      const { url, dead } = await start(point);
      // A point that the batch has passed is met by the next batch instead.
      if (url) {
        if (point === "transaction" || transactions.length === 0) await pay(url);
        await closeBatch(url).catch(() => undefined);
      }
      const mining = setInterval(() => rollup.l1.makeBlock(), 100);
      assert.equal(await dead, "SIGKILL");
      clearInterval(mining);
    });

  it("loses no acknowledged transaction and commits each batch once", async () => {
    const { url } = await start();
    await pay(url!);
    await closeBatch(url!);
    const { batches } = await get<{ batches: BatchView[] }>(url!, "/v1/batches");
    const mining = setInterval(() => rollup.l1.makeBlock(), 100);
    for (const { number } of batches) await reached(url!, Number(number), "final");
    clearInterval(mining);
    for (const hash of transactions) {
      const { status } = await get<{ status: string }>(url!, `/v1/transactions/${hash}`);
      assert.equal(status, "included", hash);
    }
    const settled = (await get<{ batches: BatchView[] }>(url!, "/v1/batches")).batches;
    assert.equal(rollup.l1.accepted, BigInt(settled.length));
    assert.deepEqual(
      settled.map(({ commit }) => commit?.attempt),
      settled.map(() => 1),
    );
    assert.equal(new Set(rollup.l1.sent).size, settled.length);
    assert.equal(rollup.da.opened.length, settled.length);
  });
});

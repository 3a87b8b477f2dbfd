import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { TestRollup } from "./support/TestRollup.ts";
import { alice } from "./support/testDeployment.ts";
import { get } from "./support/userCalls.ts";

describe("README.md", () => {
  it("shows a script of stock o1js that works as it stands, with address and key put in", async () => {
    const rollup = new TestRollup();
    const { url } = await rollup.start({ "sequencer.block-interval-ms": 50 });
    const [, script] = /```js\n([\s\S]*?)```/.exec(readFileSync("README.md", "utf8"))!;
    const code = script!.replace("http://127.0.0.1:8081", url).replace("EK…", alice.privateKey);
    const last = 'process.stdout.write(pending.hash + " " + to.toBase58());';
    const { stdout } = await promisify(execFile)(process.execPath, [
      "--input-type=module",
      "--eval",
      `${code}\n${last}`,
    ]);
    const [hash, receiver] = stdout.split(" ");
    const { status } = await get<{ status: string }>(url, `/v1/transactions/${hash}`);
    assert.equal(status, "included");
    assert.match(receiver!, /^B62q/);
  });
});

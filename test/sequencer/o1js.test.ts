import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { NONCE_BASE } from "../../protocol/index.ts";
import { TestRollup } from "./support/TestRollup.ts";
import { alice, MINA } from "./support/testDeployment.ts";
import { get, reached } from "./support/userCalls.ts";

const script = new URL("./support/o1jsUser.mjs", import.meta.url).pathname;

interface Seen {
  readonly hashes: readonly string[];
  readonly nonce: string;
  readonly balance: string;
  readonly senderBalance: string;
  readonly creationFee: string;
  readonly refused: { readonly status: string; readonly errors: readonly string[] };
}

describe("a script of stock o1js", () => {
  it("creates an account and sends transfers through Mina.Network", async () => {
    const rollup = new TestRollup();
    const { url } = await rollup.start({
      "sequencer.block-interval-ms": 50,
      "sequencer.blocks-per-batch": 2,
    });
    const { stdout } = await promisify(execFile)(process.execPath, [
      script,
      `${url}/graphql`,
      alice.privateKey,
    ]);
    const seen = JSON.parse(stdout) as Seen;
    const fee = MINA / 10n;
    assert.equal(seen.nonce, NONCE_BASE.toString());
    assert.equal(seen.balance, (4n * MINA - fee).toString());
    assert.equal(seen.senderBalance, (1_000n * MINA - 5n * MINA - fee).toString());
    assert.equal(seen.creationFee, MINA.toString());
    assert.equal(seen.refused.status, "rejected");
    assert.match(JSON.stringify(seen.refused.errors), /tokenSymbol is not supported yet/);
    const { transactions } = await reached(url, 1, "sent");
    assert.equal(transactions, 2);
    for (const hash of seen.hashes) {
      const { status } = await get<{ status: string }>(url, `/v1/transactions/${hash}`);
      assert.equal(status, "included");
    }
  });
});

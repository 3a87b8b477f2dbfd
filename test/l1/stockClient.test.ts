import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { emptyActionState } from "../../l1/index.ts";
import { systemClock } from "../../service/index.ts";
import { withDevnet } from "./devnetProcess.ts";

const run = promisify(execFile);

describe("stock o1js", () => {
  it("creates accounts, transfers, waits, reads actions and events, and learns of failures", () =>
    withDevnet(
      async ({ role, client, command }) => {
        const program = join(import.meta.dirname, "stockClient.ts");
        const { stdout } = await run(process.execPath, [
          program,
          role.graphqlUrl,
          role.accounts[0]!.privateKey,
        ]);
        const { friendKey, zkappKey, heights, length, depth, ...seen } = JSON.parse(stdout);
        assert.deepEqual(
          { ...seen, lastActionHash: undefined, failure: undefined },
          {
            friend: "5000000007",
            status: "INCLUDED",
            stranger: 404,
            failed: "rejected",
            failure: undefined,
            refused: "rejected",
            zkappUri: "https://example.org",
            actions: [[["1", "10"]], [["2", "20"]]],
            lastActionHash: undefined,
            accountActionState: seen.lastActionHash,
            later: [[["2", "20"]]],
            events: [["100"], ["200"]],
          },
        );
        assert.match(seen.failure, /Account_balance_precondition_unsatisfied/);
        assert.ok(heights[0] < heights[1] && heights[1] + depth <= length);

        // What our own client reads of it: the same actions, refolded; and both blocks of them gone after a reorganisation.
        const blocks = await client.actions(zkappKey, { to: BigInt(seen.lastActionHash) });
        assert.deepEqual(
          blocks.flatMap(({ updates }) => updates.map(({ actions }) => actions)),
          [[[1n, 10n]], [[2n, 20n]]],
        );
        assert.equal(blocks[0]!.before, emptyActionState);
        const second = await client.actions(zkappKey, { from: blocks[0]!.after });
        assert.deepEqual(second, blocks.slice(1));
        const tip = await client.head();
        await command("reorg", { depth: tip.height - blocks[0]!.height + 1 });
        assert.deepEqual(await client.actions(zkappKey), []);
        assert.equal((await client.account(zkappKey))?.zkapp?.actionState[0], emptyActionState);
        assert.equal((await client.account(friendKey))?.balance, 5_000_000_007n);
        await command("reorg", { depth: (await client.head()).height - 1 });
        assert.equal(await client.account(friendKey), null);
      },
      { "devnet.slot-duration-ms": 100 },
      {},
      { clock: systemClock },
    ));
});

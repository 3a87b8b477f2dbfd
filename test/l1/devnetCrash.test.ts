import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { GraphqlL1Client, testAccounts } from "../../l1/index.ts";
import { transferCommand } from "./transferCommand.ts";

const [alice, bob] = testAccounts(2) as [{ publicKey: string; privateKey: string }, { publicKey: string }];
const program = join(import.meta.dirname, "devnetChild.ts");

async function run(directory: string): Promise<{ child: ChildProcess; client: GraphqlL1Client }> {
  const child = spawn(process.execPath, [program, directory], { stdio: ["ignore", "pipe", "inherit"] });
  const [address] = (await once(child.stdout!, "data")) as [Buffer];
  return { child, client: new GraphqlL1Client({ mina: address.toString().trim() }) };
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

describe("a killed devnet", () => {
  it("comes back with every block that anybody saw, and uses none of their slots again", async () => {
    const directory = await mkdtemp(join(tmpdir(), "zeko-devnet-"));
    let child: ChildProcess | undefined;
    try {
      let seen = 0;
      let highest = 0;
      for (const nonce of [0, 1, 2]) {
        const running = await run(directory);
        child = running.child;
        const { client } = running;
        const back = await client.blocks(290);
        assert.ok(back.at(-1)!.height >= seen);
        assert.equal(back.flatMap(({ commands }) => commands).length, nonce);
        const hash = await client.send(
          transferCommand({ from: alice, to: bob.publicKey, amount: 1n, nonce }),
        );
        for await (const { added } of client.watch(back, AbortSignal.timeout(60_000))) {
          assert.ok(added.every(({ slot }) => slot > highest));
          highest = added.at(-1)?.slot ?? highest;
          seen = added.at(-1)?.height ?? seen;
          if (added.some(({ commands }) => commands.some((command) => command.hash === hash))) break;
        }
        await kill(child);
      }
    } finally {
      if (child && child.exitCode === null && child.signalCode === null) await kill(child);
      await rm(directory, { recursive: true, force: true });
    }
  });
});
